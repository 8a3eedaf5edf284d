using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Networks;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Bench.Commands;

/// <summary>The Upscale network on one thread: generated int8 against ONNX Runtime's float run of the same network, and layer by layer.</summary>
internal static class UpscaleCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--size"];

    // A tile of 128 pixels and the 7 pixels that the network takes off each side.
    private const int DefaultSize = 142;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LayerBudget = TimeSpan.FromSeconds(2);

    /// <summary>Runs the command.</summary>
    /// <param name="options">Its options.</param>
    public static void Run(Options options)
    {
        int size = DefaultSize;
        if (options["--size"] is string text && (!int.TryParse(text, out size) || size < 15))
        {
            throw new BenchException("--size is the number of rows and columns of the network's input, at least 15.");
        }

        IReadOnlyList<NetworkLayer> layers = UpscaleNetwork.Load();
        IReadOnlyList<CompiledLayer> compiled = LayerCompiler.Compile([.. layers.Select(layer => layer.Spec)]);
        var network = new FloatNetwork(layers, UpscaleNetwork.Picture(size));
        QuantizationParameters[] activations = Calibrate(network);
        FloatTensor output = network.Tensors[^1];
        QuantizedLayerWeights[] weights = [.. layers.Select(layer => new QuantizedLayerWeights(WeightQuantizer.Quantize(layer.Weights.Weight, layer.Spec), layer.Weights.Bias.ToArray()))];
        var generated = Sequential.Of([.. compiled.Select(layer => layer.Factory)], weights, activations);
        var generic = Sequential.Of([.. layers.Select((layer, index) => LayerFactory.Generic("Layer" + index, layer.Spec))], weights, activations);
        byte[] input = Codes(network.Tensors[0], activations[0]);
        var codes = new byte[output.Shape.Count];
        var genericCodes = new byte[output.Shape.Count];
        using var onnx = new NetworkPeer(UpscaleNetwork.Write(size), network.Tensors[0], output.Shape);

        Contestant[] contestants =
        [
            new NetworkContestant("generated int8", true, () => generated.Run(input, 1, size, size, codes)),
            new NetworkContestant("ONNX Runtime float", false, onnx.Run),
            new NetworkContestant("generic int8", true, () => generic.Run(input, 1, size, size, genericCodes)),
            new NetworkContestant("float", true, () => network.Run()),
        ];
        Array.ForEach(contestants, contestant => contestant.Run());
        if (!codes.AsSpan().SequenceEqual(genericCodes))
        {
            throw new BenchException("The generated network and the generic one do not give the same bytes.");
        }

        Console.WriteLine($"Upscale network, input {size}x{size}, output {output.Shape.H}x{output.Shape.W}, one thread");
        Console.WriteLine($"float against ONNX Runtime: largest difference {LargestDifference(output.Data, onnx.Output.Data):E1}; int8 against float: {Psnr(codes, activations[^1], output.Data):F1} dB");
        PrintTimes(contestants, layers, network);
        PrintLayers(layers, compiled, weights, activations, network);
    }

    private static QuantizationParameters[] Calibrate(FloatNetwork network)
    {
        IObserver[] observers = [.. network.Tensors.Select(_ => new MinMaxObserver())];
        network.Run(observers);
        return [.. observers.Select(observer => observer.CalculateQuantizationParameters())];
    }

    private static void PrintTimes(Contestant[] contestants, IReadOnlyList<NetworkLayer> layers, FloatNetwork network)
    {
        double[] times = Rounds.Measure(contestants, Budget);
        double macs = layers.Select((layer, index) => Row(layer.Spec, index, network).Macs).Sum();
        var table = new Table(1, ["network", "ms", "GMAC/s", "x generated"]);
        for (int i = 0; i < times.Length; i++)
        {
            table.Add([contestants[i].Name, Table.Number(times[i] / 1000), Table.Number(macs / times[i] / 1000), Table.Number(times[i] / times[0])]);
        }

        Console.WriteLine(table);
    }

    private static void PrintLayers(
        IReadOnlyList<NetworkLayer> layers, IReadOnlyList<CompiledLayer> compiled, QuantizedLayerWeights[] weights, QuantizationParameters[] activations, FloatNetwork network)
    {
        var table = new Table(3, ["layer", "dataflow", "weights", "us", "GMAC/s", "peak", "share"]);
        PeakLoop[] loops = Instructions.Loops();
        for (int i = 0; i < layers.Count; i++)
        {
            ShapeRow row = Row(layers[i].Spec, i, network);
            IQuantizedLayer layer = compiled[i].Factory.Create(weights[i].Weight, weights[i].Bias, activations[i], activations[i + 1]);
            var contestant = new Int8Contestant(row.Name, layer, row, Codes(network.Tensors[i], activations[i]));
            Contestant[] timed = [contestant, .. loops];
            double[] times = Rounds.Measure(timed, LayerBudget);
            Dictionary<string, double> microseconds = timed.Select((each, index) => (each.Name, times[index])).ToDictionary();
            PeakPair? pair = Instructions.Of(contestant);
            double? peak = Instructions.Peak(pair, loops, microseconds);
            double rate = row.Macs / times[0] / 1000;
            table.Add([row.Name, compiled[i].Dataflow, Instructions.Name(pair), Table.Number(times[0]), Table.Number(rate), Table.Number(peak), Table.Percent(rate / peak)]);
        }

        Console.WriteLine(table);
    }

    private static ShapeRow Row(ConvolutionSpec spec, int index, FloatNetwork network)
    {
        Shape4 input = network.Tensors[index].Shape;
        return new ShapeRow($"{spec.Kind} {spec.InChannels} to {spec.OutChannels}", spec, input.H, input.W, null);
    }

    private static byte[] Codes(FloatTensor values, QuantizationParameters quantization)
    {
        var codes = new byte[values.Shape.Count];
        Quantizer.Quantize(values.Data, quantization, codes);
        return codes;
    }

    private static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    // Against a peak of 1, the range of a colour.
    private static double Psnr(ReadOnlySpan<byte> codes, QuantizationParameters quantization, ReadOnlySpan<float> expected)
    {
        double sum = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            double difference = (codes[i] - quantization.ZeroPoint) * quantization.Scale - expected[i];
            sum += difference * difference;
        }

        return -10 * Math.Log10(sum / codes.Length);
    }
}
