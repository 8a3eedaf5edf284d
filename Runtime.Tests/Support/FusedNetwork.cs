using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>A random network of convolutions with functions, batch norms and sums behind them, some of which can be fused and some not.</summary>
internal sealed class FusedNetwork
{
    private readonly ModelBuilder _builder;
    private readonly List<(Value Value, Shape4 Shape)> _values = [];
    private readonly HashSet<int> _unread = [];

    private FusedNetwork(int seed, bool hasBatchNorm)
    {
        Random = new Random(seed);
        int channels = Random.Next(1, 9);
        Input = new Shape4(Random.Next(1, 3), channels, Random.Next(4, 9), Random.Next(4, 9));
        _builder = new ModelBuilder(channels);
        _values.Add((_builder.Input, Input));
        int count = Random.Next(2, 7);
        for (int i = 0; i < count; i++)
        {
            Block(hasBatchNorm);
        }

        Unfused = _builder.Build(Joined());
    }

    /// <summary>Where its random numbers come from.</summary>
    public Random Random { get; }

    /// <summary>Shape of its input.</summary>
    public Shape4 Input { get; }

    /// <summary>The network, layer by layer.</summary>
    public FloatModel Unfused { get; }

    public static FusedNetwork FromSeed(int seed, bool hasBatchNorm = true) => new(seed, hasBatchNorm);

    /// <summary>An input with values of -2 to 2.</summary>
    public FloatTensor Batch() => new(Input, Floats(Input.Count, 2));

    /// <summary>The fused network in int8, calibrated with two batches, its channels balanced every other time.</summary>
    public QuantizedModel Convert()
    {
        FloatModel fused = Unfused.FuseEpilogues();
        fused = Random.Next(2) == 0 ? fused : fused.BalanceChannels([Batch(), Batch()]);
        fused.Prepare(QConfig.FullRange with { Activation = static () => new MinMaxObserver() });
        fused.Calibrate(Batch());
        fused.Calibrate(Batch());
        return fused.Convert();
    }

    /// <summary>A convolution of any value, functions behind it, and often a sum with a value of its shape.</summary>
    private void Block(bool hasBatchNorm)
    {
        int from = Random.Next(_values.Count);
        Shape4 shape = _values[from].Shape;
        int same = _values.FindLastIndex(value => value.Shape == shape);
        int channels = Random.Next(2) == 0 ? shape.C : Random.Next(1, 20);
        int value = Add(Weighted(shape, channels), from);
        Functions(ref value, hasBatchNorm, Random.Next(4));
        if (Random.Next(3) > 0)
        {
            int other = _values[value].Shape == _values[same].Shape ? same : _values.FindIndex(candidate => candidate.Shape == _values[value].Shape);
            if (other >= 0)
            {
                value = Random.Next(2) == 0 ? Add(Modules.Add(), value, other) : Add(Modules.Add(), other, value);
                Functions(ref value, hasBatchNorm, Random.Next(3));
            }
        }

        if (Random.Next(4) == 0)
        {
            value = Add(Random.Next(2) == 0 ? Modules.Sigmoid() : Modules.Tanh(), value);
            Functions(ref value, hasBatchNorm, Random.Next(2));
        }

        if (Random.Next(5) == 0)
        {
            // A gate, whose one pixel must not be taken for an image.
            int mean = Add(Modules.GlobalAvgPool2d(), value);
            int squeezed = Add(Modules.Conv2d(Weights(new Shape4(_values[value].Shape.C, _values[value].Shape.C, 1, 1))), mean);
            Add(Modules.Mul(), value, squeezed);
        }
    }

    private void Functions(ref int value, bool hasBatchNorm, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int channels = _values[value].Shape.C;
            value = Add(
                Random.Next(hasBatchNorm ? 8 : 7) switch
                {
                    0 => Modules.ReLU(),
                    1 => Modules.ReLU6(),
                    2 => Modules.LeakyReLU(0.3f),
                    3 => Modules.Hardswish(),
                    4 => Modules.Hardsigmoid(),
                    5 => Modules.Hardtanh(-0.5f, 1.5f),
                    6 => Modules.Affine(Affine(Random.Next(2) == 0 ? 1 : channels)),
                    _ => Modules.BatchNorm2d(new BatchNormParameters(
                        Floats(channels, 0.5f), Array.ConvertAll(Floats(channels, 1), static v => 0.5f + v * v), Floats(channels, 1.5f), Floats(channels, 0.5f))),
                },
                value);
        }
    }

    private Module Weighted(Shape4 shape, int channels) => Random.Next(5) switch
    {
        0 when Math.Max(shape.H, shape.W) < 12 => Modules.ConvTranspose2d(Weights(new Shape4(shape.C, channels, 2, 2), channels), stride: 2),
        1 => Modules.Linear(Weights(new Shape4(channels, shape.C, 1, 1))),
        2 when channels == shape.C => Modules.Conv2d(Weights(new Shape4(channels, 1, 3, 3)), padding: 1, groups: channels),
        3 when Math.Min(shape.H, shape.W) > 2 => Modules.Conv2d(Weights(new Shape4(channels, shape.C, 3, 3)), stride: 2, padding: 1),
        _ => Modules.Conv2d(Weights(new Shape4(channels, shape.C, 3, 3)), padding: 1),
    };

    /// <summary>All values that nothing reads, as one.</summary>
    private Value Joined()
    {
        List<int> ends = [.. _unread];
        if (ends.Count == 1)
        {
            return _values[ends[0]].Value;
        }

        int[] means = [.. ends.ConvertAll(end => Add(Modules.GlobalAvgPool2d(), end))];
        int joined = Add(Modules.Cat(sharesQuantization: Random.Next(2) == 0), means);
        return _values[Add(Modules.Linear(Weights(new Shape4(3, _values[joined].Shape.C, 1, 1))), joined)].Value;
    }

    private int Add(Module module, params int[] from)
    {
        Shape4 shape = module.Float().OutputShape(Array.ConvertAll(from, i => _values[i].Shape));
        _values.Add((_builder.Add($"layer{_values.Count}", module, Array.ConvertAll(from, i => _values[i].Value)), shape));
        _unread.ExceptWith(from);
        _unread.Add(_values.Count - 1);
        return _values.Count - 1;
    }

    private AffineParameters Affine(int channels) => new(Floats(channels, 1.5f), Floats(channels, 0.5f));

    private LayerWeights Weights(Shape4 shape, int? biases = null)
    {
        float size = 2f / MathF.Sqrt(shape.C * shape.H * shape.W);
        float[] values = Floats(shape.Count, size);

        // Channels of different sizes, as trained networks have them.
        var sizes = new Random(shape.Count);
        for (int first = 0; first < values.Length; first += shape.C * shape.H * shape.W)
        {
            float factor = MathF.Pow(0.02f, sizes.NextSingle());
            foreach (ref float value in values.AsSpan(first, shape.C * shape.H * shape.W))
            {
                value *= factor;
            }
        }

        return new LayerWeights(new FloatWeight(shape, values), Random.Next(4) == 0 ? null : Floats(biases ?? shape.N, 0.1f));
    }

    private float[] Floats(int count, float most)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (Random.NextSingle() * 2 - 1) * most;
        }

        return values;
    }
}
