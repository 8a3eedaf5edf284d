using System;
using System.IO;
using System.Linq;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Kernels.Tests.Training;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Models;

public sealed class BalancedModelTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_balanced_network_computes_the_same_bits_in_float()
    {
        int changed = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            RandomGraph graph = RandomGraph.FromSeed(seed);
            FloatModel balanced = graph.Model.BalanceChannels([graph.Batch(), graph.Batch()]);
            FloatTensor batch = graph.Batch();

            Assert.True(graph.Model.Forward(batch).Data.SequenceEqual(balanced.Forward(batch).Data), $"seed {seed}");
            changed += balanced.Weights.Count(layer => !layer.Value.Weight.Data.SequenceEqual(graph.Model.Weights[layer.Key].Weight.Data));
        }

        Assert.True(changed > 100, $"{changed} layers with other weights show little.");
    }

    [Fact]
    public void A_balanced_fused_network_computes_the_same_bits_in_float()
    {
        int scaled = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            FloatModel fused = network.Unfused.FuseEpilogues();
            FloatModel balanced = fused.BalanceChannels([network.Batch()]);
            FloatTensor batch = network.Batch();

            Assert.True(fused.Forward(batch).Data.SequenceEqual(balanced.Forward(batch).Data), $"seed {seed}");
            scaled += balanced.Nodes.Count(static node => node.Layer is WeightedModule { ChannelScales.Length: > 0 });
        }

        Assert.True(scaled > 50, $"{scaled} layers with scales of channels behind functions show little.");
    }

    [Fact]
    public void Batch_norms_that_can_be_trained_keep_to_the_balanced_weights()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            FloatModel balanced = network.Unfused.FuseEpilogues().BalanceChannels([network.Batch(), network.Batch()]);
            QuantizationAwareModel training = balanced.PrepareForTraining(QConfig.FullRangeTraining);
            training.FreezeBatchNorm(true);
            training.Forward(network.Batch());
            training.EnableObserver(false);
            FloatTensor batch = network.Batch();

            Assert.True(training.Forward(batch).Data.SequenceEqual(training.Convert().Forward(batch).Data), $"seed {seed}");
        }
    }

    [Fact]
    public void A_channel_of_small_values_is_rounded_in_steps_of_its_own()
    {
        FloatModel model = TwoScales();
        FloatTensor[] batches = [Picture(1), Picture(2)];
        FloatModel balanced = model.BalanceChannels(batches);

        double before = Noise(model, batches);
        double after = Noise(balanced, batches);

        Assert.True(after < before / 20, $"Noise {before} became {after}.");
    }

    [Fact]
    public void A_channel_that_one_batch_alone_uses_keeps_room()
    {
        // Red where others are grey, as in a single photograph among pages of text: the next one may be redder.
        FloatModel model = TwoScales();
        FloatTensor rare = Picture(3);
        FloatTensor[] batches = [Dark(Picture(1)), Dark(Picture(2)), rare];
        FloatTensor[] alike = [Picture(1), Picture(2), rare];

        Assert.True(SmallestScale(model.BalanceChannels(batches)) > SmallestScale(model.BalanceChannels(alike)));

        static float SmallestScale(FloatModel balanced) => ((WeightedModule)balanced.Nodes[0].Layer).ChannelScales.Append(1f).Min();
    }

    [Fact]
    public void The_file_holds_the_scales_and_refuses_others_than_powers_of_two()
    {
        FloatModel balanced = TwoScales().BalanceChannels([Picture(1)]);
        balanced.Prepare(QConfig.FullRange);
        balanced.Calibrate(Picture(1));
        QuantizedModel saved = balanced.Convert();
        saved.Save(_path);

        Assert.Equal(saved.Forward(Picture(2)).Data.ToArray(), QuantizedModel.Load(_path).Forward(Picture(2)).Data.ToArray());

        SafetensorsFile file = SafetensorsFile.Load(_path);
        foreach (float wrong in (float[])[3f, 0f, -1f, float.NaN, float.PositiveInfinity])
        {
            SafetensorsChange.Save(file, _path, floats: (name, values) => values[0] = name == "first.epilogue.channel_scales" ? wrong : values[0]);
            Assert.Contains("powers of two", Assert.Throws<InvalidDataException>(() => QuantizedModel.Load(_path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Layers_that_share_weights_still_share_them()
    {
        LayerWeights weights = Weights(4, 4, 7);
        var builder = new ModelBuilder(4);
        Value once = builder.Add("once", Modules.Conv2d(weights), builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), once);
        Value twice = builder.Add("twice", Modules.Conv2d(weights), relu);
        Value end = builder.Add("end", Modules.Conv2d(Weights(2, 4, 8)), twice);
        FloatModel balanced = builder.Build(end).BalanceChannels([Tensor(new Shape4(1, 4, 6, 6), 1)]);

        Assert.Equal(balanced.Weights["once"].Weight.Data.ToArray(), balanced.Weights["twice"].Weight.Data.ToArray());
    }

    [Fact]
    public void Balancing_needs_a_batch() =>
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => TwoScales().BalanceChannels([])).Message, StringComparison.Ordinal);

    // Two channels behind a HardSwish, one a hundred times smaller than the other, read by a depthwise layer.
    private static FloatModel TwoScales()
    {
        var builder = new ModelBuilder(2);
        var first = new LayerWeights(new FloatWeight(new Shape4(2, 2, 1, 1), [8f, 0f, 0f, 0.08f]), [0f, 0f]);
        Value value = builder.Add("first", Modules.Conv2d(first), builder.Input);
        value = builder.Add("swish", Modules.Hardswish(), value);
        var depthwise = new LayerWeights(new FloatWeight(new Shape4(2, 1, 1, 1), [0.125f, 12.5f]), [0f, 0f]);
        value = builder.Add("depthwise", Modules.Conv2d(depthwise, groups: 2), value);
        return builder.Build(value).FuseEpilogues();
    }

    private static double Noise(FloatModel model, FloatTensor[] batches)
    {
        model.Prepare(QConfig.FullRange);
        model.Calibrate(batches);
        QuantizedModel converted = model.Convert();
        double noise = 0;
        foreach (FloatTensor batch in batches)
        {
            float[] expected = model.Forward(batch).Data.ToArray();
            float[] actual = converted.Forward(batch).Data.ToArray();
            for (int i = 1; i < expected.Length; i += 2)
            {
                noise += Math.Pow(expected[i] - actual[i], 2);
            }
        }

        return noise;
    }

    private static FloatTensor Picture(int seed) => Tensor(new Shape4(1, 2, 12, 12), seed);

    private static FloatTensor Dark(FloatTensor picture)
    {
        for (int i = 1; i < picture.Data.Length; i += 2)
        {
            picture.Data[i] *= 0.02f;
        }

        return picture;
    }

    private static LayerWeights Weights(int outputs, int inputs, int seed) =>
        new(new FloatWeight(new Shape4(outputs, inputs, 1, 1), [.. Tensor(new Shape4(1, 1, outputs, inputs), seed).Data]));

    private static FloatTensor Tensor(Shape4 shape, int seed)
    {
        var random = new Random(seed);
        var tensor = new FloatTensor(shape);
        foreach (ref float value in tensor.Data)
        {
            value = random.NextSingle() * 2 - 1;
        }

        return tensor;
    }
}
