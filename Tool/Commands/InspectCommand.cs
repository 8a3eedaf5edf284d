using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Kernels.Layers;
using Kernels.Onnx;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels inspect</c>: what is in a file.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var model = new ModelOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("inspect", "Lists the layers of an ONNX file with shapes and multiplications, or all nodes that are not supported.") { json };
        model.AddTo(command);
        command.SetAction(result => Guard.Run(() => Print(model.Load(result), result.GetValue(json))));
        return command;
    }

    private static void Print(OnnxModel model, bool json)
    {
        Row[] rows = [.. BatchNormFolding.Run(model.Network).Steps.Select(Row.Of)];
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new { input = model.InputName, inputShape = model.InputShape, anySize = model.IsAnySize, output = model.OutputName, quantized = model.Quantized is not null, layers = rows },
                Indented));
            return;
        }

        string size = model.IsAnySize ? " (rows and columns may be any; shapes are for these)" : "";
        Console.Out.WriteLine($"input   {model.InputName} [{string.Join(", ", model.InputShape)}]{size}");
        Console.Out.WriteLine($"output  {model.OutputName} [{string.Join(", ", model.OutputShape)}]");
        Console.Out.WriteLine($"file    opset {model.Graph.Opset}, {model.Graph.Nodes.Count} nodes, {(model.Quantized is null ? "float" : "quantized")}, {model.Graph.Producer}");
        Console.Out.WriteLine();
        int width = rows.Max(static row => row.Name.Length);
        int layer = rows.Max(static row => row.Layer.Length);
        foreach (Row row in rows)
        {
            string shape = $"[{string.Join(", ", row.Shape)}]";
            Console.Out.WriteLine($"{row.Name.PadRight(width)}  {row.Layer.PadRight(layer)}  {shape,-20} {(row.Multiplications == 0 ? "" : Millions(row.Multiplications)),12}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"{rows.Length} layers, {Millions(rows.Sum(static row => row.Multiplications))} multiplications an image");
    }

    private static string Millions(long count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.00} M");

    /// <summary>A layer as it is printed.</summary>
    internal sealed record Row(string Name, string Layer, int[] Shape, long Multiplications)
    {
        public static Row Of(Step step)
        {
            Shape4 s = step.Shape;
            return new Row(step.Name, LayerText(step.Operation), [s.N, s.C, s.H, s.W], step.Operation.Spec is { } spec ? Count(spec, s) : 0);
        }

        /// <summary>Multiplications of one image.</summary>
        private static long Count(ConvolutionSpec spec, Shape4 to)
        {
            long taps = (long)spec.KernelHeight * spec.KernelWidth * spec.InChannels / spec.Groups * spec.OutChannels;

            // Each input pixel of a transposed convolution meets every tap once.
            return spec.Kind == ConvolutionKind.Conv2d
                ? taps * to.H * to.W
                : taps * (to.H / spec.StrideHeight) * (to.W / spec.StrideWidth);
        }

        private static string LayerText(Operation operation) => operation.Spec is not { } spec
            ? operation.Function
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{operation.Function} {spec.InChannels}->{spec.OutChannels} {spec.KernelHeight}x{spec.KernelWidth}{(spec.StrideHeight == 1 ? "" : $" s{spec.StrideHeight}")}{(spec.Groups == 1 ? "" : $" g{spec.Groups}")}");
    }
}
