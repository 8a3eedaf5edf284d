using System;
using System.IO;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Fuzz.Files;

/// <summary>Small networks in which every kind of layer occurs, and the files that they are saved to.</summary>
internal static class Networks
{
    /// <summary>A convolution, a branch, pooling, scaling and a join.</summary>
    public static FloatModel Branched()
    {
        var builder = new ModelBuilder(3);
        Value a = builder.Add("conv", Modules.Conv2d(Weights(4, 3, 3, 1), padding: 1), builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), a);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(2)), relu);
        Value deep = builder.Add("depthwise", Modules.Conv2d(Weights(4, 1, 3, 2), padding: 1, groups: 4), pool);
        Value up = builder.Add("up", Modules.ConvTranspose2d(Weights(4, 4, 2, 3), stride: 2), deep);
        Value cat = builder.Add("cat", Modules.Cat(), up, relu);
        Value norm = builder.Add("norm", Modules.BatchNorm2d(new BatchNormParameters(new float[8], [1, 1, 1, 1, 2, 2, 2, 2])), cat);
        Value gate = builder.Add("gate", Modules.GlobalAvgPool2d(), norm);
        Value sigmoid = builder.Add("sigmoid", Modules.Sigmoid(), gate);
        Value scaled = builder.Add("mul", Modules.Mul(), norm, sigmoid);
        return builder.Build(builder.Add("leaky", Modules.LeakyReLU(0.1f), scaled));
    }

    /// <summary>What changes shapes: padding, crops, means, scaling, flattening, a linear layer.</summary>
    public static FloatModel Shaped()
    {
        var builder = new ModelBuilder(2);
        Value pad = builder.Add("pad", Modules.Pad(PadSpec.All(1, PadMode.Reflect)), builder.Input);
        Value conv = builder.Add("conv", Modules.Conv2d(Weights(3, 2, 2, 4), stride: 2), pad);
        Value mean = builder.Add("mean", Modules.AvgPool2d(new PoolingSpec(2, 1)), conv);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2)), mean);
        Value size = builder.Add("size", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, 6, 6)), up);
        Value crop = builder.Add("crop", Modules.Crop(new CropSpec(1, 1, 0, 2)), size);
        Value sum = builder.Add("add", Modules.Add(relu: true), crop, crop);
        Value tanh = builder.Add("tanh", Modules.Tanh(), sum);
        Value swish = builder.Add("swish", Modules.Hardswish(), tanh);
        Value flat = builder.Add("flatten", Modules.Flatten(), swish);
        return builder.Build(builder.Add("linear", Modules.Linear(Weights(5, 48, 1, 5)), flat));
    }

    /// <summary>The functions of networks: activations, joins, constants, means, slices, shuffles, normalization.</summary>
    public static FloatModel Functional()
    {
        var builder = new ModelBuilder(4);
        Value value = builder.Input;
        (string Name, Module Module)[] chain =
        [
            ("affine", Modules.Affine(new AffineParameters([0.5f, 1f, 2f, 1f], [0.1f]))),
            ("hardsigmoid", Modules.Hardsigmoid()),
            ("hardtanh", Modules.Hardtanh()),
            ("prelu", Modules.PReLU(0.1f, 0.2f, 0.3f, 0.4f)),
            ("silu", Modules.SiLU()),
            ("gelu", Modules.GELU()),
            ("elu", Modules.ELU()),
            ("mish", Modules.Mish()),
            ("softplus", Modules.Softplus()),
            ("shuffle", Modules.PixelShuffle(new PixelShuffleSpec(2))),
            ("unshuffle", Modules.PixelUnshuffle(new PixelShuffleSpec(2))),
            ("slice", Modules.Slice(new SliceSpec(3, 0, 6, 2))),
            ("adaptive", Modules.AdaptiveAvgPool2d(new AdaptivePoolingSpec(2, 2))),
        ];
        foreach ((string name, Module module) in chain)
        {
            value = builder.Add(name, module, value);
        }

        Value mean = builder.Add("mean", Modules.Mean(new MeanSpec(2, 3)), value);
        Value difference = builder.Add("sub", Modules.Sub(), value, mean);
        Value flat = builder.Add("reshape", Modules.Reshape(new ReshapeSpec(16)), difference);
        return builder.Build(builder.Add("linear", Modules.Linear(Weights(3, 16, 1, 6)), flat));
    }

    /// <summary>Float layers that have no int8 form.</summary>
    public static FloatModel Normalized()
    {
        var builder = new ModelBuilder(4);
        Value conv = builder.Add("conv", Modules.Conv2d(Weights(4, 4, 1, 7)), builder.Input);
        Value group = builder.Add("group", Modules.GroupNorm(2, new NormalizationParameters(4)), conv);
        Value instance = builder.Add("instance", Modules.InstanceNorm2d(new NormalizationParameters(4)), group);
        Value layer = builder.Add("layer", Modules.LayerNorm(new NormalizationParameters(4)), instance);
        return builder.Build(builder.Add("softmax", Modules.Softmax(1), layer));
    }

    /// <summary>Saved as int8 throughout, or with layers in float.</summary>
    public static byte[] Saved(FloatModel model, Shape4 shape, params string[] keep)
    {
        QConfigMapping mapping = QConfigMapping.Uniform(QConfig.FullRange);
        foreach (string name in keep)
        {
            mapping.SetModuleName(name, null);
        }

        model.Prepare(mapping);
        model.Calibrate(Batch(shape));
        return Written(path => model.Convert().Save(path));
    }

    /// <summary>A batch of anything.</summary>
    public static FloatTensor Batch(Shape4 shape)
    {
        var random = new Random(3);
        var batch = new FloatTensor(shape);
        foreach (ref float value in batch.Data)
        {
            value = random.NextSingle() * 2 - 1;
        }

        return batch;
    }

    /// <summary>Weights of anything.</summary>
    public static LayerWeights Weights(int first, int second, int kernel, int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(first, second, kernel, kernel);
        var data = new float[shape.Count];
        foreach (ref float value in data.AsSpan())
        {
            value = random.NextSingle() - 0.5f;
        }

        return new LayerWeights(new FloatWeight(shape, data), seed % 2 == 0 ? new float[first] : null);
    }

    /// <summary>The bytes that something writes to a file.</summary>
    public static byte[] Written(Action<string> write)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        write(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }
}
