using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Numerics;
using Kernels.Bench.Networks;
using Kernels.Bench.Report;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Bench.Commands;

/// <summary>What functions cost in a kernel's epilogue, and as passes over codes behind the kernel.</summary>
internal static class EpilogueCommand
{
    private const int CodesOfVector = 16;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.2);

    private static readonly QuantizationParameters Quantization = new(0.05f, 118);

    // Shapes of all dataflows: many and few dot steps for a code.
    private static readonly (string Name, ConvolutionSpec Spec, Shape4 Input)[] Layers =
    [
        ("Conv2d 64 to 64, 3x3, 56x56", Convolution(64, 64, 3), new(1, 64, 56, 56)),
        ("Conv2d 16 to 96, 1x1, 112x112", Convolution(16, 96, 1), new(1, 16, 112, 112)),
        ("Conv2d 64 to 64, 3x3 depthwise, 56x56", Convolution(64, 64, 3) with { Groups = 64 }, new(1, 64, 56, 56)),
        ("Conv2d 64 to 3, 3x3, 112x112", Convolution(64, 3, 3), new(1, 64, 112, 112)),
    ];

    private static readonly string[] Epilogues = ["Relu", "HardSwish", "ChannelAffine", "Add", "HardSwish+ChannelAffine+Add"];

    /// <summary>Runs the command.</summary>
    public static void Run()
    {
        double cycle = NanosecondsOfCycle();
        ConvolutionSpec[] specs = [.. Layers.SelectMany(layer => Epilogues.Select(text => With(layer.Spec, text)).Prepend(layer.Spec))];
        IReadOnlyList<LayerFactory> factories = LayerCompiler.CompileKernels(specs);
        Console.WriteLine($"Fused epilogues, one thread; a cycle of dependent instructions takes {cycle.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)} ns");
        var table = new Table(2, ["layer", "functions", "kernel us", "fused us", "passes us", "added ns / 16", "cycles / 16"]);
        for (int i = 0; i < Layers.Length; i++)
        {
            foreach ((string name, LayerFactory fused) in Epilogues.Zip(factories.Skip(i * (Epilogues.Length + 1) + 1)))
            {
                table.Add([Layers[i].Name, name, .. Measure(factories[i * (Epilogues.Length + 1)], fused, Layers[i].Input, cycle)]);
            }
        }

        Console.WriteLine(table);
    }

    private static string[] Measure(LayerFactory plainFactory, LayerFactory fusedFactory, Shape4 from, double cycle)
    {
        ConvolutionSpec spec = fusedFactory.Spec;
        var random = new Random(1);
        var weights = new sbyte[spec.WeightShape.Count];
        random.NextBytes((byte[])(Array)weights);
        var weight = new QuantizedWeight(spec.WeightShape, weights, new WeightQuantization(new QuantizationParameters(0.0002f, 0)));
        var bias = new float[spec.OutChannels];
        float[] scale = [.. bias.Select(_ => random.NextSingle() + 0.5f)];
        EpilogueStep[] steps = [.. spec.Epilogue.Select(function => Step(function, scale, bias))];
        var epilogue = new EpilogueParameters(steps, spec.Epilogue.HasAdd ? Quantization : null);
        IQuantizedLayer plain = plainFactory.Create(weight, bias, Quantization, Quantization);
        IQuantizedLayer fused = fusedFactory.Create(weight, bias, Quantization, Quantization, epilogue);
        Shape4 to = plain.OutputShape(from);
        var input = new byte[from.Count];
        var second = new byte[to.Count];
        random.NextBytes(input);
        random.NextBytes(second);
        byte[] output = new byte[to.Count];
        byte[] other = new byte[to.Count];
        Action<byte[], byte[]>[] passes = [.. spec.Epilogue.Select(function => Pass(function, scale, bias, to, second))];
        Contestant[] contestants =
        [
            new NetworkContestant("kernel", true, () => plain.Run(input, from.N, from.H, from.W, output)),
            new NetworkContestant("fused", true, () => RunFused(fused, input, second, from, output)),
            new NetworkContestant("passes", true, () => RunPasses(plain, passes, input, from, output, other)),
        ];
        Array.ForEach(contestants, contestant => contestant.Run());
        double[] times = Rounds.Measure(contestants, Budget);
        double added = (times[1] - times[0]) * 1000 * CodesOfVector / to.Count;
        return [Table.Number(times[0]), Table.Number(times[1]), Table.Number(times[2]), Table.Number(added), Table.Number(added / cycle)];
    }

    private static void RunFused(IQuantizedLayer fused, byte[] input, byte[] second, Shape4 from, byte[] output)
    {
        if (fused is IResidualLayer residual)
        {
            residual.Run(input, second, from.N, from.H, from.W, output);
        }
        else
        {
            fused.Run(input, from.N, from.H, from.W, output);
        }
    }

    private static void RunPasses(IQuantizedLayer plain, Action<byte[], byte[]>[] passes, byte[] input, Shape4 from, byte[] output, byte[] other)
    {
        plain.Run(input, from.N, from.H, from.W, output);
        foreach (Action<byte[], byte[]> pass in passes)
        {
            pass(output, other);
            (output, other) = (other, output);
        }
    }

    // The layer that computes a function on codes.
    private static Action<byte[], byte[]> Pass(EpilogueFunction function, float[] scale, float[] shift, Shape4 shape, byte[] second)
    {
        if (function == EpilogueFunction.Add)
        {
            var add = new QuantizedAdd(Quantization, Quantization, Quantization);
            return (from, to) => add.Run(from, shape, second, shape, to);
        }

        IQuantizedLayer layer = function switch
        {
            EpilogueFunction.Relu => new QuantizedRelu(Quantization),
            EpilogueFunction.HardSwish => new QuantizedHardSwish(Quantization, Quantization),
            _ => new QuantizedBatchNorm2d(new BatchNormParameters(scale, shift, shift, [.. scale.Select(_ => 1f)], 1e-5f), Quantization, Quantization),
        };
        return (from, to) => layer.Run(from, shape.N, shape.H, shape.W, to);
    }

    private static EpilogueStep Step(EpilogueFunction function, float[] scale, float[] shift) => function switch
    {
        EpilogueFunction.Relu => EpilogueStep.Relu,
        EpilogueFunction.HardSwish => EpilogueStep.HardSwish,
        EpilogueFunction.Add => EpilogueStep.Add,
        _ => EpilogueStep.ChannelAffine(scale, shift),
    };

    // Rotations that wait for each other take a cycle each.
    private static double NanosecondsOfCycle()
    {
        const int Rounds = 20_000_000;
        const int Each = 8;
        double best = double.MaxValue;
        ulong x = 1;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < Rounds; i++)
            {
                x = BitOperations.RotateLeft(x, 1);
                x = BitOperations.RotateLeft(x, 3);
                x = BitOperations.RotateLeft(x, 5);
                x = BitOperations.RotateLeft(x, 7);
                x = BitOperations.RotateLeft(x, 1);
                x = BitOperations.RotateLeft(x, 3);
                x = BitOperations.RotateLeft(x, 5);
                x = BitOperations.RotateLeft(x, 7);
            }

            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / ((double)Rounds * Each));
        }

        return x == 0 ? 0 : best;
    }

    private static ConvolutionSpec With(ConvolutionSpec spec, string functions) => spec with { Epilogue = EpilogueSpec.Parse(functions) };

    private static ConvolutionSpec Convolution(int inputs, int outputs, int kernel) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = inputs,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        PaddingHeight = kernel / 2,
        PaddingWidth = kernel / 2,
    };
}
