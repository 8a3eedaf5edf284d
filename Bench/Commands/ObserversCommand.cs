using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Networks;
using Kernels.Bench.Report;
using Kernels.Bench.Timing;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Bench.Commands;

/// <summary>What observing costs: a float forward alone, and with an observer on the input and on every layer's output.</summary>
internal static class ObserversCommand
{
    // What observers may add, as a share of the forward.
    private const double MinMaxLimit = 0.3;
    private const double HistogramLimit = 1;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>Runs the command.</summary>
    public static void Run()
    {
        Console.WriteLine($"Observers on input and outputs of a float network, one thread. Allowed: MinMax {Table.Percent(MinMaxLimit)} more, Histogram {Table.Percent(HistogramLimit)} more");
        var table = new Table(1, ["network", "forward us", "MinMax adds", "Histogram adds", "verdict"]);
        table.Add(Measure("upscale network, 78x78", UpscaleNetwork.Load(), UpscaleNetwork.Picture(78)));
        table.Add(Measure("Conv2d 3 to 16, ConvTranspose2d 16 to 3, 128x128", ExampleLayers(), UpscaleNetwork.Picture(128)));
        Console.WriteLine(table);
    }

    private static string[] Measure(string name, IReadOnlyList<NetworkLayer> layers, FloatTensor input)
    {
        var network = new FloatNetwork(layers, input);
        IObserver[] minMax = [.. network.Tensors.Select(_ => new MinMaxObserver())];
        IObserver[] histogram = [.. network.Tensors.Select(_ => new HistogramObserver())];
        Contestant[] contestants =
        [
            new NetworkContestant("forward", true, () => network.Run()),
            new NetworkContestant("MinMax", true, () => network.Run(minMax)),
            new NetworkContestant("Histogram", true, () => network.Run(histogram)),
        ];
        Array.ForEach(contestants, contestant => contestant.Run());
        double[] times = Rounds.Measure(contestants, Budget);
        double minMaxCost = times[1] / times[0] - 1;
        double histogramCost = times[2] / times[0] - 1;
        string verdict = (minMaxCost <= MinMaxLimit, histogramCost <= HistogramLimit) switch
        {
            (true, true) => "within the limits",
            (false, true) => "MinMax costs too much",
            (true, false) => "Histogram costs too much",
            _ => "both cost too much",
        };
        return [name, Table.Number(times[0]), Table.Percent(minMaxCost), Table.Percent(histogramCost), verdict];
    }

    // The documentation's example, with weights of no meaning.
    private static NetworkLayer[] ExampleLayers()
    {
        var first = new ConvolutionSpec
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = 3,
            OutChannels = 16,
            KernelHeight = 3,
            KernelWidth = 3,
            PaddingHeight = 1,
            PaddingWidth = 1,
            Activation = Activation.Relu,
        };
        var second = new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = 16,
            OutChannels = 3,
            KernelHeight = 3,
            KernelWidth = 3,
            PaddingHeight = 1,
            PaddingWidth = 1,
        };
        var random = new Random(1);
        return [Layer(first), Layer(second)];

        NetworkLayer Layer(ConvolutionSpec spec)
        {
            var weight = new float[spec.WeightShape.Count];
            for (int i = 0; i < weight.Length; i++)
            {
                weight[i] = (float)(random.NextDouble() - 0.5);
            }

            return new NetworkLayer(spec, new LayerWeights(new FloatWeight(spec.WeightShape, weight), new float[spec.OutChannels]));
        }
    }
}
