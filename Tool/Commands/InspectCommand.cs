using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Onnx.Lowering;
using Kernels.Quantization;
using Kernels.Tool.Explaining;
using Kernels.Tool.Source;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels inspect</c>: what is in a file.</summary>
internal static class InspectCommand
{
    // Of networks that take any; shapes are for it.
    private const string DefaultSize = "256x256";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var model = new ModelOptions("The ONNX file, or an int8 file that `kernels quantize` or a program wrote.");
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("inspect", "Lists the layers of an ONNX file as they are generated, functions fused: shapes, multiplications, the dataflow of each kernel (with --json why no other); or all nodes that are not supported.") { json };
        model.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            if (model.IsConverted(result))
            {
                Print(QuantizedModel.Load(result.GetValue(model.Model)!), result.GetValue(model.InputSize)!, result.GetValue(json));
            }
            else
            {
                Print(model.Load(result), result.GetValue(json));
            }
        }));
        return command;
    }

    private static void Print(QuantizedModel model, string size, bool json)
    {
        (int height, int width) = ModelOptions.Size(size.Length == 0 ? DefaultSize : size);
        var input = new Shape4(1, model.InChannels, height, width);
        Row[] rows = [.. FusedLayer.Of(model, input).Zip(model.Layers, static (layer, converted) => Row.Of(layer) with { Codes = CodesText(converted) })];
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { inputShape = new[] { 1, model.InChannels, height, width }, layers = rows }, Indented));
            return;
        }

        Console.Out.WriteLine($"input   [1, {model.InChannels}, {height}, {width}] (rows and columns as --input-size says), {CodesText(model.InputQuantization)}");
        Console.Out.WriteLine($"file    {model}");
        Console.Out.WriteLine();
        Print(rows);
    }

    private static string CodesText(ConvertedLayer layer) => layer.IsQuantized ? CodesText(layer.OutputQuantization) : "float";

    private static string CodesText(QuantizationParameters? parameters) => parameters is { } codes
        ? string.Create(CultureInfo.InvariantCulture, $"int8, scale {codes.Scale:G4}, zero point {codes.ZeroPoint}")
        : "float";

    private static void Print(OnnxModel model, bool json)
    {
        Row[] rows = [.. FusedLayer.Of(NamedModel.Of(model), model.Network.PhysicalInput).Select(Row.Of)];
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
        Print(rows);
    }

    private static void Print(Row[] rows)
    {
        int width = rows.Max(static row => row.Name.Length);
        int layer = rows.Max(static row => row.Layer.Length);
        foreach (Row row in rows)
        {
            string shape = $"[{string.Join(", ", row.Shape)}]";
            Console.Out.WriteLine($"{row.Name.PadRight(width)}  {row.Layer.PadRight(layer)}  {shape,-20} {(row.Multiplications == 0 ? "" : Millions(row.Multiplications)),12}  {row.Dataflow,-12}  {row.Codes}".TrimEnd());
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"{rows.Length} layers, {Millions(rows.Sum(static row => row.Multiplications))} multiplications an image");
    }

    private static string Millions(long count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.00} M");

    /// <summary>A layer as it is printed.</summary>
    /// <param name="Name">Its name, as `kernels import` writes it.</param>
    /// <param name="Layer">What it computes, with the functions that its kernel applies.</param>
    /// <param name="Shape">Shape of its output.</param>
    /// <param name="Multiplications">Multiplications of one image.</param>
    /// <param name="Dataflow">How its kernel runs; nothing for a layer without weights.</param>
    /// <param name="Rejected">The other dataflows, and why they were not taken.</param>
    internal sealed record Row(string Name, string Layer, int[] Shape, long Multiplications, string Dataflow, string[] Rejected)
    {
        /// <summary>Scale and zero point of its codes; nothing where the file has none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? Codes { get; init; }

        public static Row Of(FusedLayer layer)
        {
            Shape4 s = layer.Output;
            int[] shape = [s.N, s.C, s.H, s.W];
            if (layer.Spec is not { } spec)
            {
                return new Row(layer.Name, layer.Type, shape, 0, "", []);
            }

            ExplainedLayer explained = ExplainedLayer.Of(layer.Name, spec, layer.Input, layer.Output);
            return new Row(
                layer.Name,
                LayerText(layer.Type, spec),
                shape,
                explained.Multiplications / s.N,
                explained.Dataflow,
                [.. explained.Plan.Rejected.Select(static other => $"{other.Name}: {other.Reason}")]);
        }

        private static string LayerText(string type, ConvolutionSpec spec)
        {
            string functions = spec.Activation != Activation.None ? " " + spec.Activation : spec.Epilogue.IsNone ? "" : " " + spec.Epilogue;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{type} {spec.InChannels}->{spec.OutChannels} {spec.KernelHeight}x{spec.KernelWidth}{(spec.StrideHeight == 1 ? "" : $" s{spec.StrideHeight}")}{(spec.Groups == 1 ? "" : $" g{spec.Groups}")}{functions}");
        }
    }
}
