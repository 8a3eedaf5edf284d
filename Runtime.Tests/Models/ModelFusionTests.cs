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
        ModelValue conv = builder.Add("conv", ModelLayers.Conv2d(SkipNet.Conv1, padding: 1), builder.Input);
        ModelValue bn = builder.Add("bn", ModelLayers.BatchNorm2d(BatchNorm(4)), conv);
        ModelValue leaky = builder.Add("leaky", ModelLayers.LeakyReLU(0.1f), bn);
        ModelValue convt = builder.Add("convt", ModelLayers.ConvTranspose2d(SkipNet.Weights(5, new Shape4(4, 2, 3, 3), 0), stride: 2, groups: 2), leaky);
        ModelValue bn2 = builder.Add("bn2", ModelLayers.BatchNorm2d(BatchNorm(4)), convt);
        FloatModel model = builder.Build(builder.Add("relu6", ModelLayers.ReLU6(), bn2));

        FloatModel fused = model.Fuse();

        Assert.Equal(["conv", "convt"], fused.LayerNames);
        Near(model, fused);
    }

    [Fact]
    public void A_linear_takes_its_batch_norm_and_relu()
    {
        var builder = new ModelBuilder(3);
        ModelValue linear = builder.Add("fc", ModelLayers.Linear(SkipNet.Weights(6, new Shape4(4, 3, 1, 1), 4)), builder.Input);
        ModelValue bn = builder.Add("bn", ModelLayers.BatchNorm2d(BatchNorm(4)), linear);
        FloatModel model = builder.Build(builder.Add("relu", ModelLayers.ReLU(), bn));

        Assert.Equal(["fc"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_sum_takes_its_relu()
    {
        var builder = new ModelBuilder(3);
        ModelValue relu6 = builder.Add("relu6", ModelLayers.ReLU6(), builder.Input);
        ModelValue add = builder.Add("add", ModelLayers.Add(), relu6, builder.Input);
        ModelValue relu = builder.Add("relu", ModelLayers.ReLU(), add);
        ModelValue mul = builder.Add("mul", ModelLayers.Mul(), relu, builder.Input);
        FloatModel model = builder.Build(builder.Add("relu2", ModelLayers.ReLU(), mul));

        Assert.Equal(["relu6", "add", "mul"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void What_another_layer_reads_stays()
    {
        var builder = new ModelBuilder(3);
        ModelValue conv = builder.Add("conv", ModelLayers.Conv2d(SkipNet.Conv1), builder.Input);
        ModelValue relu = builder.Add("relu", ModelLayers.ReLU(), conv);
        FloatModel model = builder.Build(builder.Add("add", ModelLayers.Add(), relu, conv));

        Assert.Equal(["conv", "relu", "add"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_batch_norm_behind_an_activation_and_a_second_activation_stay()
    {
        var builder = new ModelBuilder(3);
        ModelValue conv = builder.Add("conv", ModelLayers.Conv2d(SkipNet.Conv1), builder.Input);
        ModelValue relu = builder.Add("relu", ModelLayers.ReLU(), conv);
        ModelValue bn = builder.Add("bn", ModelLayers.BatchNorm2d(BatchNorm(4)), relu);
        FloatModel model = builder.Build(builder.Add("relu2", ModelLayers.ReLU(), bn));

        Assert.Equal(["conv", "bn", "relu2"], model.Fuse().LayerNames);
        Near(model, model.Fuse());
    }

    [Fact]
    public void A_generated_layer_stays_as_its_attribute_says()
    {
        var builder = new ModelBuilder(2);
        ModelValue first = builder.Add("first", ModelLayers.Generated<First>(SkipNet.Weights(7, First.Spec.WeightShape, 5)), builder.Input);
        ModelValue second = builder.Add("second", ModelLayers.Generated<Second>(SkipNet.Weights(8, Second.Spec.WeightShape, 0)), first);
        FloatModel model = builder.Build(builder.Add("relu", ModelLayers.ReLU(), second));

        Assert.Equal(["first", "second", "relu"], model.Fuse().LayerNames);
    }

    [Fact]
    public void What_is_fused_is_rounded_once()
    {
        var builder = new ModelBuilder(3);
        ModelValue conv = builder.Add("conv", ModelLayers.Conv2d(SkipNet.Conv1), builder.Input);
        FloatModel model = builder.Build(builder.Add("relu", ModelLayers.ReLU(), conv)).Fuse();
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
