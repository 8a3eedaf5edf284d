using System;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Fuzz.Layers;

/// <summary>A layer with weights and codes, drawn from a seed.</summary>
internal sealed class SpecCase
{
    private delegate IQuantizedLayer Creator(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output);

    private readonly Random _random;

    public SpecCase(int seed, int index)
    {
        _random = new Random(unchecked((seed * 1_000_003) ^ (index * 104_729)));
        Numbers = LayerNumbers.Of(_random);
    }

    public LayerNumbers Numbers { get; }

    /// <summary>How many codes of the compiled layer differ from the reference.</summary>
    public int Differences(Assembly assembly, int layer)
    {
        LayerNumbers n = Numbers;
        var shape = n.IsTransposed ? new Shape4(n.In, n.Out / n.Groups, n.KernelHeight, n.KernelWidth) : new Shape4(n.Out, n.In / n.Groups, n.KernelHeight, n.KernelWidth);
        bool isExtreme = _random.Next(6) == 0;
        var weight = new sbyte[shape.Count];
        _random.NextBytes(MemoryMarshal.AsBytes(weight.AsSpan()));
        var codes = new byte[n.Batch * n.In * n.Height * n.Width];
        _random.NextBytes(codes);
        if (isExtreme)
        {
            weight = [.. weight.Select(static w => w < 0 ? sbyte.MinValue : sbyte.MaxValue)];
            codes = [.. codes.Select(static c => c < 128 ? byte.MinValue : byte.MaxValue)];
        }

        int scales = n.PerChannel ? n.Out : 1;
        float[] scale = [.. Enumerable.Range(0, scales).Select(_ => 0.001f + _random.NextSingle() * 0.01f)];
        bool hasZeroPoints = _random.Next(3) == 0;
        int[] zero = [.. Enumerable.Range(0, scales).Select(_ => hasZeroPoints ? _random.Next(-128, 128) : 0)];
        var input = new QuantizationParameters(0.01f + _random.NextSingle(), _random.Next(256));
        float typical = (float)(input.Scale * scale[0] * Math.Sqrt((double)n.In / n.Groups * n.KernelHeight * n.KernelWidth) * 7400);
        float[]? bias = n.Bias ? [.. Enumerable.Range(0, n.Out).Select(_ => (_random.NextSingle() - 0.5f) * typical)] : null;
        var output = new QuantizationParameters(typical / 40 * (0.5f + _random.NextSingle()), _random.Next(256));

        WeightQuantization quantization = n.PerChannel ? WeightQuantization.PerChannel(scale, zero) : new WeightQuantization(new QuantizationParameters(scale[0], zero[0]));
        Creator create = assembly.GetType($"Layers.L{layer}", throwOnError: true)!
            .GetMethod("Create", [typeof(QuantizedWeight), typeof(ReadOnlySpan<float>), typeof(QuantizationParameters), typeof(QuantizationParameters)])!
            .CreateDelegate<Creator>();
        IQuantizedLayer made = create(new QuantizedWeight(shape, weight, quantization), bias, input, output);
        byte[] expected = Int64Convolution.Run(n, codes, weight, zero, scale, bias, n.Batch, n.Height, n.Width, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint);
        byte[] actual = made.Forward(QuantizedTensor.FromNchw(new Shape4(n.Batch, n.In, n.Height, n.Width), input, codes)).ToNchw();
        return actual.Length != expected.Length ? Math.Max(actual.Length, expected.Length) : actual.Zip(expected).Count(static pair => pair.First != pair.Second);
    }

    /// <summary>Codes that were compared.</summary>
    public int Count => Numbers.Batch * Numbers.Out * Numbers.OutHeight(Numbers.Height) * Numbers.OutWidth(Numbers.Width);
}
