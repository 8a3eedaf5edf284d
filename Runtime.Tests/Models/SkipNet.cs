using System;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Tests.Models;

/// <summary>
/// A small network with everything that a sequence lacks, as cunet has it: a saved branch that is cropped and added, channel weights
/// from a global mean, a concatenation, and a transposed convolution at the end.
/// </summary>
internal static class SkipNet
{
    public static readonly Shape4 Shape = new(2, 3, 12, 10);

    public static FloatModel Build()
    {
        var builder = new ModelBuilder(inChannels: 3);
        Value conv1 = builder.Add("conv1", Modules.Conv2d(Conv1), builder.Input);
        Value relu1 = builder.Add("relu1", Modules.ReLU(), conv1);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(2)), relu1);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)), pool);
        Value conv2 = builder.Add("conv2", Modules.Conv2d(Conv2), up);
        Value crop = builder.Add("crop", Modules.Crop(new CropSpec(1, 1, 1, 1)), relu1);
        Value add = builder.Add("add", Modules.Add(), crop, conv2);
        Value mean = builder.Add("mean", Modules.GlobalAvgPool2d(), add);
        Value squeeze = builder.Add("squeeze", Modules.Conv2d(Squeeze), mean);
        Value gate = builder.Add("gate", Modules.Sigmoid(), squeeze);
        Value mul = builder.Add("mul", Modules.Mul(), add, gate);
        Value cat = builder.Add("cat", Modules.Cat(), mul, crop);
        return builder.Build(builder.Add("convt", Modules.ConvTranspose2d(ConvT, stride: 2), cat));
    }

    public static LayerWeights Conv1 { get; } = Weights(1, new Shape4(4, 3, 3, 3), 4);

    public static LayerWeights Conv2 { get; } = Weights(2, new Shape4(4, 4, 3, 3), 4);

    public static LayerWeights Squeeze { get; } = Weights(3, new Shape4(4, 4, 1, 1), 4);

    public static LayerWeights ConvT { get; } = Weights(4, new Shape4(8, 3, 2, 2), 0);

    public static LayerWeights Weights(int seed, Shape4 shape, int biases)
    {
        var random = new Random(seed);
        return new LayerWeights(new FloatWeight(shape, Floats(random, shape.Count)), biases == 0 ? null : Floats(random, biases));
    }

    public static FloatTensor Batch(int seed, Shape4? shape = null) => new(shape ?? Shape, Floats(new Random(100 + seed), (shape ?? Shape).Count));

    private static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }
}
