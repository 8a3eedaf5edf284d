using System;
using System.IO;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Models;

public class FusedModelTests
{
    [Fact]
    public void Fused_networks_give_the_codes_of_the_plain_definition()
    {
        int sums = 0;
        int fused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            QuantizedModel model = network.Convert();
            QuantizedTensor input = Quantizer.Quantize(network.Batch(), model.InputQuantization!.Value);

            Assert.True(PlainNetwork.Forward(model, input).Data.SequenceEqual(model.Forward(input).Data), $"seed {seed}");
            fused += model.Nodes.Count(static node => node.Node.Layer is WeightedModule { Spec.Epilogue.IsNone: false });
            sums += model.Nodes.Count(static node => node.Node.Layer is WeightedModule { Spec.Epilogue.HasAdd: true });
        }

        Assert.True(fused > 300 && sums > 100, $"{fused} fused layers with {sums} sums show little.");
    }

    [Fact]
    public void In_float_a_fused_network_computes_what_its_layers_compute()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            FloatTensor batch = network.Batch();
            float[] expected = network.Unfused.Forward(batch).Data.ToArray();
            float[] actual = network.Unfused.FuseEpilogues().Forward(batch).Data.ToArray();

            float most = expected.Max(Math.Abs) + 1;
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - 1e-4f * most, pair.First + 1e-4f * most));
        }
    }

    [Fact]
    public void A_fused_network_survives_its_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            for (int seed = 0; seed < 30; seed++)
            {
                FusedNetwork network = FusedNetwork.FromSeed(seed);
                QuantizedModel model = network.Convert();
                model.Save(path);
                FloatTensor batch = network.Batch();

                Assert.Equal(model.Forward(batch).Data.ToArray(), QuantizedModel.Load(path).Forward(batch).Data.ToArray());
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_fused_layer_has_the_name_of_its_first_part_and_one_scale()
    {
        var builder = new ModelBuilder(4);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv2, padding: 1), builder.Input);
        Value swish = builder.Add("swish", Modules.Hardswish(), conv);
        Value norm = builder.Add("norm", Modules.BatchNorm2d(new BatchNormParameters(new float[4], [1, 1, 1, 1], [1, 2, 3, 4], new float[4])), swish);
        FloatModel model = builder.Build(builder.Add("sum", Modules.Add(), norm, builder.Input)).FuseEpilogues();

        Assert.Equal(["conv"], model.LayerNames);
        Assert.Equal("HardSwish+ChannelAffine+Add", ((WeightedModule)model.Nodes[0].Layer).Spec.Epilogue.Text);
        Assert.Equal([0, 0], model.Nodes[0].Inputs);
    }

    [Fact]
    public void What_Fuse_fuses_keeps_PyTorchs_formula()
    {
        FloatModel model = SkipNet.Build();

        Assert.Equal(Activation.Relu, ((WeightedModule)model.FuseEpilogues().Nodes[0].Layer).Spec.Activation);
        Assert.Equal(["conv1", "pool", "up", "crop", "conv2", "mean", "squeeze", "gate", "mul", "cat", "convt"], model.FuseEpilogues().LayerNames);
    }

    [Fact]
    public void A_sum_of_two_sizes_says_not_to_fuse_it()
    {
        var builder = new ModelBuilder(4);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv2, padding: 1), builder.Input);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(4)), builder.Input);
        FloatModel model = builder.Build(builder.Add("sum", Modules.Add(), conv, pool)).FuseEpilogues();

        string message = Assert.Throws<ArgumentException>(() => model.OutputShape(new Shape4(1, 4, 4, 4))).Message;

        Assert.Contains("The layer conv", message, StringComparison.Ordinal);
        Assert.Contains("a fused sum needs two of one shape", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fused_network_trains_with_the_codes_that_it_converts_to()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            FloatModel fused = network.Unfused.FuseEpilogues();
            QuantizationAwareModel training = fused.PrepareForTraining(QConfig.FullRangeTraining);
            var trainer = new Trainer(training, new Sgd(training.Parameters, 0.001f), Loss.MeanSquaredError);
            trainer.Step(network.Batch(), fused.Forward);
            training.FreezeBatchNorm(true);
            training.Forward(network.Batch());
            training.EnableObserver(false);
            FloatTensor batch = network.Batch();

            Assert.True(training.Forward(batch).Data.SequenceEqual(training.Convert().Forward(batch).Data), $"seed {seed}");
        }
    }

    [Fact]
    public void A_fused_network_has_the_gradients_of_its_layers()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed, hasBatchNorm: false);
            QuantizationAwareModel expected = network.Unfused.PrepareForTraining(QConfig.FullRangeTraining);
            QuantizationAwareModel actual = network.Unfused.FuseEpilogues().PrepareForTraining(QConfig.FullRangeTraining);
            expected.EnableFakeQuant(false);
            actual.EnableFakeQuant(false);
            FloatTensor batch = network.Batch();
            FloatTensor output = expected.Forward(batch);
            actual.Forward(batch);
            var gradient = new FloatTensor(output.Shape, Array.ConvertAll(new float[output.Data.Length], _ => network.Random.NextSingle()));

            Near(expected.Backward(gradient).Data, actual.Backward(gradient).Data, seed);
            Assert.Equal(expected.Parameters.Count, actual.Parameters.Count);
            for (int i = 0; i < expected.Parameters.Count; i++)
            {
                // Fused layers stand where their last part stood.
                Parameter parameter = expected.Parameters[i];
                Assert.Contains(actual.Parameters, other => IsNear(parameter.Gradient, other.Gradient));
            }
        }

        static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int seed) => Assert.True(IsNear(expected, actual), $"seed {seed}");
    }

    private static bool IsNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        bool isNear = expected.Length == actual.Length;
        float most = 1e-6f;
        foreach (float value in expected)
        {
            most = Math.Max(most, Math.Abs(value));
        }

        for (int i = 0; isNear && i < expected.Length; i++)
        {
            isNear = Math.Abs(expected[i] - actual[i]) <= 1e-3f * most;
        }

        return isNear;
    }
}
