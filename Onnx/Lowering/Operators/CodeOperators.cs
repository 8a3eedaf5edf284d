using System;
using System.Linq;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>QuantizeLinear and DequantizeLinear: they compute nothing here, but say the scale and zero point of a value.</summary>
internal static class CodeOperators
{
    /// <summary>The type of the codes that a node makes of codes by only moving or choosing them; null where it reads none, or turns to or from them.</summary>
    /// <exception cref="LoweringException">The operator means the numbers, but reads codes.</exception>
    public static ElementType? Type(OnnxNode node, Term?[] inputs)
    {
        ElementType? type = inputs.Select(static input => input?.Codes).FirstOrDefault(static codes => codes is not null);
        if (type is null || node.Operator is "QuantizeLinear" or "DequantizeLinear" or "Shape" or "Size")
        {
            return null;
        }

        return node.Operator is "MaxPool" or "Reshape" or "Transpose" or "Flatten" or "Squeeze" or "Unsqueeze" or "Slice" or "Split" or "Identity" or "DepthToSpace" or "SpaceToDepth" or "Resize" or "Upsample"
            && (node.Operator is not ("Resize" or "Upsample") || node.Text("mode", "nearest") == "nearest")
            ? type
            : throw new LoweringException($"it computes with codes of {type}");
    }

    public static Term Quantize(Call call)
    {
        Term x = call.Input(0);
        OnnxTensor scale = call.Constant(1, "scale");
        OnnxTensor? zeroPoint = call.OptionalConstant(2, "zero point");
        ElementType type = zeroPoint?.Type ?? (call.Node.Int("output_dtype", 0) is > 0 and var asked ? (ElementType)asked : ElementType.UInt8);
        call.Require(type is ElementType.Int8 or ElementType.UInt8, $"it makes codes of {type}; int8 and uint8 are supported");
        call.Require(call.Node.Int("block_size", 0) == 0, "scales of blocks are not supported");
        if (x.Constant is { } constant)
        {
            return Term.Of(QuantizeConstant(call, constant, scale, zeroPoint, type));
        }

        call.Require(scale.Count == 1, "it gives a value that depends on the network's input several scales");
        return Placed(call, x, Parameters(scale, zeroPoint, type)) with { Codes = type };
    }

    public static Term Dequantize(Call call)
    {
        Term x = call.Input(0);
        OnnxTensor scale = call.Constant(1, "scale");
        OnnxTensor? zeroPoint = call.OptionalConstant(2, "zero point");
        call.Require(call.Node.Int("block_size", 0) == 0, "scales of blocks are not supported");
        if (x.Constant is { } constant)
        {
            return Term.Of(DequantizeConstant(call, constant, scale, zeroPoint));
        }

        call.Require(scale.Count == 1, "it reads a value that depends on the network's input with several scales");
        ElementType type = x.Codes ?? throw new LoweringException("its input is no codes of int8 or uint8");
        QuantizationParameters parameters = Parameters(scale, zeroPoint, type);
        if (call.Context.ParametersOf(x.Step) is not { } own)
        {
            call.Context.SetParameters(x.Step, parameters);
        }
        else
        {
            call.Require(own == parameters, $"it reads codes of the scale {own.Scale} and zero point {own.ZeroPoint} with others");
        }

        return x with { Codes = null };
    }

    /// <summary>The value with the given scale: its own step's, or that of a copy where the step has another one already.</summary>
    private static Term Placed(Call call, Term x, QuantizationParameters parameters)
    {
        if (call.Context.ParametersOf(x.Step) is not { } own)
        {
            call.Context.SetParameters(x.Step, parameters);
            return x;
        }

        if (own == parameters)
        {
            return x;
        }

        Term copy = call.Same(Operations.Requantize(), x);
        call.Context.SetParameters(copy.Step, parameters);
        return copy;
    }

    /// <summary>Scale and zero point as quint8: int8 codes are shifted by 128.</summary>
    private static QuantizationParameters Parameters(OnnxTensor scale, OnnxTensor? zeroPoint, ElementType type)
    {
        int zero = zeroPoint is { Count: > 0 } ? (int)zeroPoint.Integers[0] : 0;
        return new QuantizationParameters(scale.Reals[0], type == ElementType.Int8 ? zero + 128 : zero);
    }

    private static OnnxTensor QuantizeConstant(Call call, OnnxTensor x, OnnxTensor scale, OnnxTensor? zeroPoint, ElementType type)
    {
        int[] places = Places(call, x, scale, zeroPoint);
        (long least, long greatest) = type.Range();
        ReadOnlySpan<float> reals = x.Reals;
        ReadOnlySpan<float> scales = scale.Reals;
        ReadOnlySpan<long> zeros = zeroPoint is null ? new long[scale.Count] : zeroPoint.Integers;
        var codes = new long[x.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            float steps = MathF.Round(reals[i] / scales[places[i]], MidpointRounding.ToEven);
            codes[i] = float.IsNaN(steps) ? zeros[places[i]] : (long)Math.Clamp(steps + (double)zeros[places[i]], least, greatest);
        }

        return OnnxTensor.Of(x.Shape, codes, type);
    }

    private static OnnxTensor DequantizeConstant(Call call, OnnxTensor x, OnnxTensor scale, OnnxTensor? zeroPoint)
    {
        int[] places = Places(call, x, scale, zeroPoint);
        ReadOnlySpan<long> codes = x.Integers;
        ReadOnlySpan<float> scales = scale.Reals;
        ReadOnlySpan<long> zeros = zeroPoint is null ? new long[scale.Count] : zeroPoint.Integers;
        var reals = new float[x.Count];
        for (int i = 0; i < reals.Length; i++)
        {
            reals[i] = (codes[i] - zeros[places[i]]) * scales[places[i]];
        }

        OnnxTensor result = OnnxTensor.Of(x.Shape, reals);
        if (x.Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int32))
        {
            return result;
        }

        int shift = x.Type == ElementType.UInt8 ? 128 : 0;
        return result.With(new TensorQuantization(scales.ToArray(), Array.ConvertAll(zeros.ToArray(), zero => (int)zero - shift), Axis(call, x, scale)) { IsInt32 = x.Type == ElementType.Int32 });
    }

    /// <summary>For each element of a constant, which scale it has.</summary>
    private static int[] Places(Call call, OnnxTensor x, OnnxTensor scale, OnnxTensor? zeroPoint)
    {
        if (scale.Count == 0 || (zeroPoint is not null && zeroPoint.Count != scale.Count))
        {
            throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) has {scale.Count} scales and {zeroPoint?.Count} zero points.");
        }

        if (scale.Count == 1)
        {
            return new int[x.Count];
        }

        int axis = Axis(call, x, scale);
        if (x.Shape[axis] != scale.Count)
        {
            throw new OnnxFormatException($"The node {call.Node.Name} ({call.Node.Operator}) has {scale.Count} scales for {x.Shape[axis]} channels.");
        }

        int[] shape = [scale.Count, .. Enumerable.Repeat(1, x.Rank - axis - 1)];
        return Strides.BroadcastPlaces(shape, x.Shape);
    }

    private static int Axis(Call call, OnnxTensor x, OnnxTensor scale) => scale.Count == 1 ? 0 : Folding.Axes.Of(call.Node.Int("axis", 1), x.Rank);
}
