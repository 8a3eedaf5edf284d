using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Imports a graph whose input has open dimensions: with sizes that are unlikely to coincide, and again with others. Where both give the
/// same steps, the network takes any size.
/// </summary>
internal static class SizeProbe
{
    // Multiples of 64, since networks halve their input up to six times; batch 2 tells the batch from dimensions of 1.
    private static readonly int[] First = [2, 0, 192, 320];
    private static readonly int[] Second = [2, 0, 256, 448];

    /// <summary>Imports a graph.</summary>
    /// <returns>The network, and whether rows and columns may be of any number.</returns>
    public static (ImportedNetwork Network, bool IsAnySize) Import(OnnxGraph graph, OnnxLoadOptions options)
    {
        graph = WithConstants(graph, options.Constants);
        OnnxValue input = graph.Inputs.Count == 1
            ? graph.Inputs[0]
            : throw new UnsupportedOnnxException($"The model has {graph.Inputs.Count} inputs ({Names(graph.Inputs)}); models with one are supported.");
        if (input.Type is not (ElementType.Float or ElementType.Undefined or ElementType.Int8 or ElementType.UInt8))
        {
            throw new UnsupportedOnnxException($"The input {input.Name} is {input.Type}; models that read float32, or codes of int8 or uint8, are supported.");
        }

        var importer = new Importer(graph, input.Name, Output(graph, options), input.Type);
        int[] declared = Declared(graph, input, options);
        if (Array.TrueForAll(declared, static size => size > 0))
        {
            return (importer.Import(declared), false);
        }

        ImportedNetwork network = Probe(importer, declared);
        bool hasOpenSize = declared.Where((size, i) => i > 0 && size <= 0).Any();
        if (hasOpenSize)
        {
            RequireSame(network, importer, declared);
        }

        return (network, hasOpenSize);
    }

    private static OnnxGraph WithConstants(OnnxGraph graph, IReadOnlyDictionary<string, OnnxTensor> constants) => constants.Count == 0 ? graph : graph with
    {
        Constants = graph.Constants.Concat(constants).ToDictionary(static c => c.Key, static c => c.Value, StringComparer.Ordinal),
        Inputs = [.. graph.Inputs.Where(input => !constants.ContainsKey(input.Name))],
    };

    private static string Output(OnnxGraph graph, OnnxLoadOptions options)
    {
        if (options.Output.Length > 0)
        {
            return graph.Outputs.Any(output => output.Name == options.Output)
                ? options.Output
                : throw new UnsupportedOnnxException($"The model has no output {options.Output}, but {Names(graph.Outputs)}.");
        }

        return graph.Outputs.Count == 1
            ? graph.Outputs[0].Name
            : throw new UnsupportedOnnxException($"The model has {graph.Outputs.Count} outputs ({Names(graph.Outputs)}): choose one of them.");
    }

    private static int[] Declared(OnnxGraph graph, OnnxValue input, OnnxLoadOptions options)
    {
        int[]? shape = options.InputShape.Count > 0 ? [.. options.InputShape] : input.Shape;
        if (shape is null)
        {
            throw new UnsupportedOnnxException($"The file does not say the dimensions of its input {input.Name}: give them.");
        }

        if (input.Shape is { } own && own.Length != shape.Length)
        {
            throw new UnsupportedOnnxException($"The input {input.Name} has {own.Length} dimensions, but {shape.Length} were given.");
        }

        // What is left open in the options is as the file says.
        shape = [.. shape.Select((size, i) => size > 0 || input.Shape is null ? size : input.Shape[i])];
        if (shape.Contains(0) || shape.Aggregate(1L, static (count, size) => Math.Min(count * Math.Max(size, 1), long.MaxValue >> 32)) > int.MaxValue)
        {
            throw new UnsupportedOnnxException($"The input {input.Name} has the dimensions [{string.Join(", ", shape)}], which no tensor here can have.");
        }

        if (shape.Length > 1 && shape[1] <= 0)
        {
            shape[1] = Channels(graph, input.Name) ?? throw new UnsupportedOnnxException($"The file does not say how many channels its input {input.Name} has: give its dimensions.");
        }

        return shape;
    }

    /// <summary>The channels that a convolution of the input says.</summary>
    private static int? Channels(OnnxGraph graph, string input)
    {
        OnnxNode? conv = graph.Nodes.FirstOrDefault(node => node.Operator == "Conv" && node.Input(0) == input);
        return conv is not null && graph.Constants.TryGetValue(conv.Input(1), out OnnxTensor? weight) && weight.Rank > 1 && conv.Int("group", 1) is > 0 and < 65536 and var groups
            ? checked((int)Math.Min(weight.Shape[1] * groups, int.MaxValue))
            : null;
    }

    private static ImportedNetwork Probe(Importer importer, int[] declared)
    {
        int[] shape = Sized(declared, First);
        if (declared[0] > 0)
        {
            return importer.Import(shape);
        }

        try
        {
            return importer.Import(shape);
        }
        catch (Exception exception) when (exception is OnnxFormatException or UnsupportedOnnxException)
        {
            // A batch of 1 may be all that it takes, whatever the file says.
            shape[0] = 1;
            return importer.Import(shape);
        }
    }

    private static void RequireSame(ImportedNetwork network, Importer importer, int[] declared)
    {
        string reason;
        try
        {
            int[] shape = Sized(declared, Second);
            shape[0] = network.InputShape[0];
            ImportedNetwork other = importer.Import(shape);
            Step? different = network.Steps.Zip(other.Steps).Where(static pair => pair.First.Operation.Text != pair.Second.Operation.Text).Select(static pair => pair.First).FirstOrDefault();
            if (different is null && network.Steps.Count == other.Steps.Count)
            {
                return;
            }

            reason = $"{(different is null ? "its steps differ" : $"{different.Name} ({different.Operation.Function}) differs")} between sizes";
        }
        catch (Exception exception) when (exception is OnnxFormatException or UnsupportedOnnxException)
        {
            reason = exception.Message;
        }

        throw new UnsupportedOnnxException($"The network depends on the size of its input, which the file leaves open: give the dimensions of the input. ({reason})");
    }

    private static int[] Sized(int[] declared, int[] sizes)
    {
        int[] shape = [.. declared];
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] <= 0)
            {
                shape[i] = i == 0 ? sizes[0] : sizes[shape.Length == 3 ? 3 : Math.Min(i, 3)];
            }
        }

        return shape;
    }

    private static string Names(IReadOnlyList<OnnxValue> values) => string.Join(", ", values.Select(static value => value.Name));
}
