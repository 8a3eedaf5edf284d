using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Tests.Training;

/// <summary>A float model of random layers, any of them reading any value before, and inputs and configurations for it.</summary>
internal sealed class RandomGraph
{
    private const int LeastSide = 4;
    private const int MostSide = 12;

    private readonly ModelBuilder _builder = new(3);
    private readonly List<Value> _values = [];
    private readonly List<Shape4> _shapes = [];
    private readonly HashSet<int> _unread = [0];

    private RandomGraph(int seed)
    {
        Random = new Random(seed);
        Input = new Shape4(2, 3, Random.Next(5, 9), Random.Next(5, 9));
        _values.Add(_builder.Input);
        _shapes.Add(Input);
        int count = Random.Next(3, 10);
        for (int i = 0; i < count; i++)
        {
            AddAny(Random.Next(_values.Count));
        }

        JoinUnread();
        Model = _builder.Build(_values[^1]);
        Model = Random.Next(2) == 0 ? Model.Fuse() : Model;
    }

    public Random Random { get; }

    public Shape4 Input { get; }

    public FloatModel Model { get; }

    public static RandomGraph FromSeed(int seed) => new(seed);

    public FloatTensor Batch() => TrainingData.Tensor(Random, Input);

    /// <summary>Configurations that use all codes, with about a sixth of the layers in float, but not all.</summary>
    public QConfigMapping Mapping()
    {
        QConfigMapping mapping = QConfigMapping.Uniform(Random.Next(2) == 0 ? QConfig.FullRangeTraining : QConfig.QnnpackTraining);
        for (int i = 1; i < Model.LayerNames.Count; i++)
        {
            if (Random.Next(6) == 0)
            {
                mapping.SetModuleName(Model.LayerNames[i], null);
            }
        }

        return mapping;
    }

    private void AddAny(int from)
    {
        Shape4 shape = _shapes[from];
        bool canShrink = Math.Min(shape.H, shape.W) >= LeastSide;
        bool canGrow = Math.Max(shape.H, shape.W) <= MostSide;
        switch (Random.Next(26))
        {
            case 0 or 1:
                Add(Modules.Conv2d(Weights(c => new Shape4(c, shape.C, 3, 3)), stride: canShrink ? Random.Next(1, 3) : 1, padding: 1), from);
                break;
            case 2 when canGrow:
                Add(Modules.ConvTranspose2d(Weights(c => new Shape4(shape.C, c, 2, 2)), stride: 2), from);
                break;
            case 3:
                Add(Modules.Linear(Weights(c => new Shape4(c, shape.C, 1, 1))), from);
                break;
            case 4:
                Add(Modules.BatchNorm2d(BatchNorm(shape.C)), from);
                break;
            case 5:
                Add(Random.Next(2) == 0 ? Modules.ReLU() : Modules.ReLU6(), from);
                break;
            case 6:
                Add(Modules.LeakyReLU(0.2f), from);
                break;
            case 7:
                Add(Random.Next(2) == 0 ? Modules.Sigmoid() : Modules.Tanh(), from);
                break;
            case 8:
                Add(Modules.Hardswish(), from);
                break;
            case 9 when canShrink:
                Add(Modules.MaxPool2d(new PoolingSpec(3, 2, 1)), from);
                break;
            case 10 when canShrink:
                Add(Modules.AvgPool2d(new PoolingSpec(2, Random.Next(1, 3))), from);
                break;
            case 11 when canGrow:
                Add(Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)), from);
                break;
            case 12 when canGrow:
                Add(Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2)), from);
                break;
            case 13 when canShrink:
                Add(Modules.Crop(new CropSpec(1, 0, 0, 1)), from);
                break;
            case 14 when canGrow && canShrink:
                Add(Modules.Pad(new PadSpec(1, 0, 0, 1, Random.Next(2) == 0 ? PadMode.Reflect : PadMode.Constant, 0.3f)), from);
                break;
            case 15:
                Join(Modules.Add(relu: Random.Next(2) == 0), from, Partner(shape, from));
                break;
            case 16:
                Join(Modules.Mul(), from, Partner(shape, from));
                break;
            case 17:
                Join(Modules.Mul(), from, Add(Modules.GlobalAvgPool2d(), from));
                break;
            case 18:
                Add(Modules.PReLU(TrainingData.Floats(Random, shape.C)), from);
                break;
            case 19:
                Add(Random.Next(2) == 0 ? Modules.SiLU() : Modules.GELU(), from);
                break;
            case 20:
                Add(Modules.Affine(new AffineParameters(TrainingData.Floats(Random, shape.C), [0.2f])), from);
                break;
            case 21:
                Join(Random.Next(2) == 0 ? Modules.Sub() : Modules.Add(), from, Add(Modules.Mean(new MeanSpec(1)), from));
                break;
            case 22 when shape.C > 1:
                Add(Modules.Slice(new SliceSpec(1, 1, Step: Random.Next(1, 3))), from);
                break;
            case 23:
                Add(Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(LeastSide, null)), from);
                break;
            case 24 when canGrow && shape.C % 4 == 0:
                Add(Modules.PixelShuffle(new PixelShuffleSpec(2)), from);
                break;
            default:
                Join(Modules.Cat(sharesQuantization: Random.Next(3) > 0), from, Partner(shape, from));
                break;
        }
    }

    /// <summary>A value of the same shape: another one if there is one.</summary>
    private int Partner(Shape4 shape, int from)
    {
        int other = _shapes.FindIndex(0, s => s == shape);
        return other == from ? _shapes.FindLastIndex(s => s == shape) : other;
    }

    /// <summary>A model has one output, for which all layers are used.</summary>
    private void JoinUnread()
    {
        int[] ends = [.. _unread];
        if (ends.Length == 1 && ends[0] != 0)
        {
            return;
        }

        int[] means = Array.ConvertAll(ends, end => Add(Modules.GlobalAvgPool2d(), end));
        int joined = Join(Modules.Cat(), means);
        Add(Modules.Conv2d(Weights(c => new Shape4(c, _shapes[joined].C, 1, 1))), joined);
    }

    private int Add(Module layer, int from) => Join(layer, from);

    private int Join(Module layer, params int[] from)
    {
        _values.Add(_builder.Add($"layer{_values.Count}", layer, Array.ConvertAll(from, i => _values[i])));
        _shapes.Add(layer.Float().OutputShape(Array.ConvertAll(from, i => _shapes[i])));
        _unread.ExceptWith(from);
        _unread.Add(_values.Count - 1);
        return _values.Count - 1;
    }

    /// <summary>Weights and bias that keep values near 1.</summary>
    private LayerWeights Weights(Func<int, Shape4> shape)
    {
        Shape4 weight = shape(Random.Next(1, 20));
        float size = 2f / MathF.Sqrt(weight.C * weight.H * weight.W);
        float[] bias = weight.H == 2 ? [] : TrainingData.Floats(Random, weight.N);
        return new LayerWeights(new FloatWeight(weight, Array.ConvertAll(TrainingData.Floats(Random, weight.Count), w => w * size)), bias);
    }

    private BatchNormParameters BatchNorm(int channels) => new(
        TrainingData.Floats(Random, channels),
        Array.ConvertAll(TrainingData.Floats(Random, channels), static v => v * v + 0.2f),
        TrainingData.Floats(Random, channels),
        TrainingData.Floats(Random, channels));
}
