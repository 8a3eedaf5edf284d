using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class ModelFusionTests
{
    [Fact]
    public void A_batch_norm_and_an_activation_become_part_of_the_convolution()
    {
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1, padding: 1), builder.Input);
        Value bn = builder.Add("bn", Modules.BatchNorm2d(BatchNorm(4)), conv);
        Value leaky = builder.Add("leaky", Modules.LeakyReLU(0.1f), bn);
        Value convt = builder.Add("convt", Modules.ConvTranspose2d(SkipNet.Weights(5, new Shape4(4, 2, 3, 3), 0), stride: 2, groups: 2), leaky);
        Value bn2 = builder.Add("bn2", Modules.BatchNorm2d(BatchNorm(4)), convt);
        FloatModel model = builder.Build(builder.Add("relu6", Modules.ReLU6(), bn2));

        FloatModel fused = model.Fuse();

        Assert.Equal(["conv", "convt"], fused.LayerNames);
        Near(model, fused);
    }

    [Fact]
    public void A_linear_takes_its_batch_norm_and_relu()
    {
        var builder = new ModelBuilder(3);
        Value linear = builder.Add("fc", Modules.Linear(SkipNet.Weights(6, new Shape4(4, 3, 1, 1), 4)), builder.Input);
        Value bn = builder.Add("bn", Modules.BatchNorm2d(BatchNorm(4)), linear);
        FloatModel model = builder.Build(builder.Add("relu", Modules.ReLU(), bn));

        Assert.Equal(["fc"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_sum_takes_its_relu()
    {
        var builder = new ModelBuilder(3);
        Value relu6 = builder.Add("relu6", Modules.ReLU6(), builder.Input);
        Value add = builder.Add("add", Modules.Add(), relu6, builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), add);
        Value mul = builder.Add("mul", Modules.Mul(), relu, builder.Input);
        FloatModel model = builder.Build(builder.Add("relu2", Modules.ReLU(), mul));

        Assert.Equal(["relu6", "add", "mul"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void What_another_layer_reads_stays()
    {
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), conv);
        FloatModel model = builder.Build(builder.Add("add", Modules.Add(), relu, conv));

        Assert.Equal(["conv", "relu", "add"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_batch_norm_behind_an_activation_and_a_second_activation_stay()
    {
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), conv);
        Value bn = builder.Add("bn", Modules.BatchNorm2d(BatchNorm(4)), relu);
        FloatModel model = builder.Build(builder.Add("relu2", Modules.ReLU(), bn));

        Assert.Equal(["conv", "bn", "relu2"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_generated_layer_stays_as_its_attribute_says()
    {
        var builder = new ModelBuilder(2);
        Value first = builder.Add("first", Modules.Generated<First>(SkipNet.Weights(7, First.Spec.WeightShape, 5)), builder.Input);
        Value second = builder.Add("second", Modules.Generated<Second>(SkipNet.Weights(8, Second.Spec.WeightShape, 0)), first);
        FloatModel model = builder.Build(builder.Add("relu", Modules.ReLU(), second));

        Assert.Equal(["first", "second", "relu"], model.Fuse().LayerNames);
    }

    [Fact]
    public void What_is_fused_is_rounded_once()
    {
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        FloatModel model = builder.Build(builder.Add("relu", Modules.ReLU(), conv)).Fuse();
        model.Prepare(QConfig.FullRange);
        model.Calibrate(SkipNet.Batch(1));

        // Below zero there is nothing, so no code is spent on it.
        Assert.Equal(0, model.Convert().OutputQuantization!.Value.ZeroPoint);
    }

    private static BatchNormParameters BatchNorm(int channels)
    {
        LayerWeights random = SkipNet.Weights(9, new Shape4(4, channels, 1, 1), 0);
        ReadOnlySpan<float> values = random.Weight.Data;
        float[] variance = Array.ConvertAll(values[channels..(2 * channels)].ToArray(), static v => 0.5f + v * v);
        return new BatchNormParameters(values[..channels], variance, values[(2 * channels)..(3 * channels)], values[(3 * channels)..]);
    }

    private static void Near(FloatModel expected, FloatModel actual)
    {
        float[] a = expected.Forward(SkipNet.Batch(1)).Data.ToArray();
        float[] b = actual.Forward(SkipNet.Batch(1)).Data.ToArray();
        Assert.Equal(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            Assert.InRange(b[i], a[i] - 1e-5f, a[i] + 1e-5f);
        }
    }
}
