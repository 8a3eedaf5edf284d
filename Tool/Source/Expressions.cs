using System;
using System.Globalization;
using System.Linq;
using Kernels.Layers;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>Functions of a network as C# expressions of <c>Kernels.Models.Functions</c>.</summary>
internal static class Expressions
{
    /// <summary>An operation applied to expressions; null when no function of C# does it.</summary>
    public static string? Of(Operation operation, string[] x) => operation.Function switch
    {
        "ReLU" or "ReLU6" or "Sigmoid" or "Tanh" or "SiLU" or "Mish" or "Softplus" or "Flatten" => $"{operation.Function}({x[0]})",
        "Hardswish" => $"HardSwish({x[0]})",
        "Hardsigmoid" => $"HardSigmoid({x[0]})",
        "Hardtanh" => $"Clip({x[0]}, {Number(operation.Clip!.Value.Least)}, {Number(operation.Clip.Value.Greatest)})",
        "LeakyReLU" or "ELU" or "Softmax" => $"{operation.Function}({x[0]}, {Value(operation, 0)})",
        "GELU" => Argument<GeluApproximation>(operation) == GeluApproximation.None ? $"GELU({x[0]})" : $"GELU({x[0]}, GeluApproximation.Tanh)",
        "Add" => $"{x[0]} + {x[1]}",
        "Sub" => $"{x[0]} - {Operand(x[1])}",
        "Mul" => $"{Operand(x[0])} * {Operand(x[1])}",
        "Div" => $"{Operand(x[0])} / {Operand(x[1])}",
        "MatMul" => $"MatMul({x[0]}, {x[1]})",
        "Affine" => Affine(operation.Affine!, x[0]),
        "GlobalAvgPool2d" => $"GlobalAvgPool({x[0]})",
        "MaxPool2d" => Pool("MaxPool", Argument<PoolingSpec>(operation), x[0]),
        "AvgPool2d" => Pool("AvgPool", Argument<PoolingSpec>(operation), x[0]),
        "Mean" => $"Mean({x[0]}, {operation.Arguments[0].Value})",
        "Cat" => operation.CatAxis == 1 ? $"Cat({string.Join(", ", x)})" : $"Cat(axis: {operation.CatAxis}, {string.Join(", ", x)})",
        "Pow" => $"Pow({x[0]}, {Value(operation, 0)})",

        // Of codes that a float layer makes; a Forward that returns its input is no network.
        "Permute" when operation.Arguments[0].Value is "0, 1, 2, 3" && x[0] != "x" => x[0],
        "Permute" => $"Permute({x[0]}, {operation.Arguments[0].Value})",
        "Upsample" => Upsample(Argument<UpsampleSpec>(operation), x[0]),
        "Crop" => Argument<CropSpec>(operation) is var crop ? $"Crop({x[0]}, {crop.Left}, {crop.Right}, {crop.Top}, {crop.Bottom})" : null,
        "Pad" => Pad(Argument<PadSpec>(operation), x[0]),
        "Slice" => Slice(Argument<SliceSpec>(operation), x[0]),
        "PixelShuffle" or "PixelUnshuffle" => Argument<PixelShuffleSpec>(operation) is var shuffle ? $"{operation.Function}({x[0]}, {shuffle.Factor}{(shuffle.PixelsFirst ? ", pixelsFirst: true" : "")})" : null,
        "Reshape" => $"Reshape({x[0]}, {string.Join(", ", operation.Arguments.Select(static a => a.Value))})",
        _ => null,
    };

    /// <summary>A number as C# writes a float.</summary>
    public static string Number(float value) => value switch
    {
        float.MaxValue => "float.MaxValue",
        float.MinValue => "float.MinValue",
        _ => value.ToString("R", CultureInfo.InvariantCulture) + "f",
    };

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static T Argument<T>(Operation operation) => (T)operation.Arguments[0].Value;

    private static string Value(Operation operation, int index) => operation.Arguments[index].Value is float number
        ? Number(number)
        : Convert.ToString(operation.Arguments[index].Value, CultureInfo.InvariantCulture)!;

    /// <summary>Sums in brackets, so that products bind.</summary>
    private static string Operand(string expression) => expression.Contains(' ', StringComparison.Ordinal) && !expression.EndsWith(')') || expression.Contains(" + ", StringComparison.Ordinal)
        ? $"({expression})"
        : expression;

    private static string? Affine(AffineParameters affine, string x)
    {
        if (affine.Channels != 1)
        {
            return null;
        }

        float scale = affine.Scale[0];
        float shift = affine.Shift[0];
        if (scale != 1 && shift != 0)
        {
            return $"Affine({x}, {Number(scale)}, {Number(shift)})";
        }

        return shift > 0 ? $"{x} + {Number(shift)}" : shift < 0 ? $"{x} - {Number(-shift)}" : $"{Operand(x)} * {Number(scale)}";
    }

    private static string Pool(string function, PoolingSpec spec, string x)
    {
        // Without padding there is none to count.
        spec = (spec.PaddingHeight, spec.PaddingWidth, spec.CeilMode) == (0, 0, false) ? spec with { CountIncludePad = true } : spec;
        if (spec == new PoolingSpec(spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight))
        {
            return $"{function}({x}, kernel: {spec.KernelHeight}, stride: {spec.StrideHeight}{(spec.PaddingHeight == 0 ? "" : $", padding: {spec.PaddingHeight}")})";
        }

        string dilation = (spec.DilationHeight, spec.DilationWidth) == (1, 1) ? "" : $", dilationHeight: {spec.DilationHeight}, dilationWidth: {spec.DilationWidth}";
        string ceil = spec.CeilMode ? ", ceilMode: true" : "";
        string pad = spec.CountIncludePad ? "" : ", countIncludePad: false";
        string divisor = spec.DivisorOverride == 0 ? "" : $", divisorOverride: {spec.DivisorOverride}";
        return $"{function}({x}, kernelHeight: {spec.KernelHeight}, kernelWidth: {spec.KernelWidth}, strideHeight: {spec.StrideHeight}, strideWidth: {spec.StrideWidth}, "
            + $"paddingHeight: {spec.PaddingHeight}, paddingWidth: {spec.PaddingWidth}{dilation}{ceil}{pad}{divisor})";
    }

    private static string Upsample(UpsampleSpec spec, string x)
    {
        bool hasFactors = spec.ScaleHeight != 0;
        UpsampleSpec plain = hasFactors ? UpsampleSpec.ByFactor(spec.Mode, spec.ScaleHeight, spec.ScaleWidth) : UpsampleSpec.ToSize(spec.Mode, spec.Height, spec.Width);
        string coordinates = spec.Coordinates == plain.Coordinates ? "" : $", coordinates: PixelCoordinates.{spec.Coordinates}";
        string rounding = spec.Rounding == plain.Rounding ? "" : $", rounding: NearestRounding.{spec.Rounding}";
        string conventions = coordinates + rounding;
        string mode = $", UpsampleMode.{spec.Mode}";
        return !hasFactors ? $"UpsampleTo({x}, {spec.Height}, {spec.Width}{(spec.Mode == UpsampleMode.Nearest ? "" : mode)}{conventions})"
            : spec.ScaleHeight == spec.ScaleWidth && conventions.Length == 0 ? $"Upsample({x}, scale: {Number(spec.ScaleHeight)}{(spec.Mode == UpsampleMode.Nearest ? "" : mode)})"
            : $"Upsample({x}, {Number(spec.ScaleHeight)}, {Number(spec.ScaleWidth)}{mode}{conventions})";
    }

    private static string Pad(PadSpec spec, string x)
    {
        string mode = spec is { Mode: PadMode.Constant, Value: 0 } ? "" : $", PadMode.{spec.Mode}";
        string value = spec.Value == 0 ? "" : float.IsNegativeInfinity(spec.Value) ? ", float.NegativeInfinity" : $", {Number(spec.Value)}";
        return $"Pad({x}, {spec.Left}, {spec.Right}, {spec.Top}, {spec.Bottom}{mode}{value})";
    }

    private static string Slice(SliceSpec spec, string x)
    {
        string end = spec.End == int.MaxValue ? "" : $", end: {spec.End}";
        string step = spec.Step == 1 ? "" : $", step: {spec.Step}";
        return $"Slice({x}, axis: {spec.Axis}, start: {spec.Start}{end}{step})";
    }
}
