using System;
using System.Collections.Generic;
using FsCheck.Xunit;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class QuantizationAwareSequentialTests
{
    [Property(MaxTest = 60)]
    public void The_converted_model_gives_the_codes_of_the_fake_quantized_forward_pass(int seed)
    {
        RandomNetwork network = RandomNetwork.FromSeed(seed);
        QuantizationAwareModel model = network.PrepareForTraining(network.Config());
        Train(model, network, steps: 3);

        AssertSameCodes(model, network.Batch());
    }

    [Property(MaxTest = 40)]
    public void The_converted_model_gives_the_same_codes_with_folded_batch_norms(int seed)
    {
        RandomNetwork network = RandomNetwork.FromSeed(seed, needsBias: true);
        var batchNorms = new Dictionary<string, BatchNormParameters>();
        for (int i = 0; i < network.Specs.Length; i++)
        {
            int channels = network.Specs[i].OutChannels;
            if (network.Random.Next(3) > 0)
            {
                batchNorms.Add(network.Graph.LayerNames[i], new BatchNormParameters(
                    TrainingData.Floats(network.Random, channels),
                    Array.ConvertAll(TrainingData.Floats(network.Random, channels), static v => v * v + 0.1f),
                    TrainingData.Floats(network.Random, channels),
                    TrainingData.Floats(network.Random, channels)));
            }
        }

        QuantizationAwareModel model = network.Graph.FoldBatchNorms(batchNorms).PrepareForTraining(network.Config());
        Train(model, network, steps: 3);
        model.FreezeBatchNorm(true);

        // Folding replaces batch statistics by running ones, so the ranges are measured once more.
        model.Forward(network.Batch());
        AssertSameCodes(model, network.Batch());
    }

    [Fact]
    public void Fine_tuning_by_distillation_gains_over_plain_calibration()
    {
        // One channel's weights are much larger than the others': one scale for all is coarse.
        var random = new Random(1);
        ConvolutionSpec first = ConvolutionSpecs.Conv1d(4, 8, 3, padding: 1, activation: Activation.Relu);
        ConvolutionSpec second = ConvolutionSpecs.ConvTranspose1d(8, 4, 4, stride: 2, padding: 1);
        float[] weight = TrainingData.Floats(random, first.WeightShape.Count);
        for (int i = 12; i < weight.Length; i++)
        {
            weight[i] *= 0.02f;
        }

        var network = new Network(
            [LayerFactory.Generic("first", first), LayerFactory.Generic("second", second)],
            [
                new LayerWeights(new FloatWeight(first.WeightShape, weight), new float[8]),
                new LayerWeights(new FloatWeight(second.WeightShape, TrainingData.Floats(random, second.WeightShape.Count)), new float[4]),
            ]);
        QuantizationAwareModel model = network.PrepareForTraining(QConfig.QnnpackTraining);
        FloatTensor Batch() => TrainingData.Tensor(random, new Shape4(4, 4, 1, 16));
        FloatTensor heldOut = Batch();
        for (int i = 0; i < 20; i++)
        {
            model.Forward(Batch());
        }

        double before = Error(network, model.Convert(), heldOut);
        var trainer = new Trainer(model, new Adam(model.Parameters, 2e-3f), Loss.MeanSquaredError);
        for (int i = 0; i < 400; i++)
        {
            trainer.Step(Batch(), network.Forward);
        }

        double after = Error(network, model.Convert(), heldOut);
        Assert.True(after < 0.7 * before, $"{before} {after}");
    }

    [Fact]
    public void Without_rounding_the_model_is_the_float_one()
    {
        RandomNetwork network = RandomNetwork.FromSeed(5);
        QuantizationAwareModel model = network.PrepareForTraining();
        model.EnableFakeQuant(false);
        FloatTensor batch = network.Batch();

        Assert.Equal(network.Forward(batch).Data.ToArray(), model.Forward(batch).Data.ToArray());
        foreach ((string name, LayerWeights weights) in network.Graph.Weights)
        {
            Assert.Equal(weights.Weight.Data.ToArray(), model.ToFloatWeights()[name].Weight.Data.ToArray());
            Assert.Equal(weights.Bias.ToArray(), model.ToFloatWeights()[name].Bias.ToArray());
        }
    }

    [Fact]
    public void Without_observers_the_ranges_stay()
    {
        RandomNetwork network = RandomNetwork.FromSeed(6);
        QuantizationAwareModel model = network.PrepareForTraining(QConfig.FullRangeTraining);
        model.Forward(network.Batch());
        model.EnableObserver(false);
        QuantizationParameters before = model.ActivationFakeQuantizes["input"].Parameters[0];
        var larger = network.Batch();
        foreach (ref float value in larger.Data)
        {
            value *= 9;
        }

        model.Forward(larger);
        Assert.Equal(before, model.ActivationFakeQuantizes["input"].Parameters[0]);
        model.EnableObserver(true);
        model.Forward(larger);
        Assert.NotEqual(before, model.ActivationFakeQuantizes["input"].Parameters[0]);
    }

    [Fact]
    public void Weight_schemes_and_mappings_decide_how_many_scales_weights_have()
    {
        ConvolutionSpec spec = ConvolutionSpecs.Conv1d(3, 5, 3) with { WeightScheme = WeightScheme.PerTensor };
        ConvolutionSpec other = ConvolutionSpecs.Conv1d(5, 4, 3);
        var network = new Network(
            [LayerFactory.Generic("a", spec), LayerFactory.Generic("b", other)],
            [
                new LayerWeights(new FloatWeight(spec.WeightShape, new float[spec.WeightShape.Count]), new float[5]),
                new LayerWeights(new FloatWeight(other.WeightShape, new float[other.WeightShape.Count]), new float[4]),
            ]);
        FloatTensor batch = TrainingData.Tensor(new Random(1), new Shape4(1, 3, 1, 9));

        Assert.Equal([1, 4], Scales(network.PrepareForTraining()));
        Assert.Equal([1, 1], Scales(network.PrepareForTraining(QConfig.QnnpackTraining)));
        Assert.Equal([5, 1], Scales(network.PrepareForTraining(QConfigMapping.Uniform(QConfig.QnnpackTraining).SetModuleName("a", QConfig.FullRangeTraining))));
        Assert.Equal([5], Scales(network.PrepareForTraining(QConfigMapping.Uniform(QConfig.FullRangeTraining).SetModuleName("b", null))));

        List<int> Scales(QuantizationAwareModel model)
        {
            model.Forward(batch);
            var counts = new List<int>();
            foreach (FakeQuantizedConvolution layer in model.Convolutions.Values)
            {
                counts.Add(layer.Quantize().Quantization.Count);
            }

            return counts;
        }
    }

    [Fact]
    public void Converting_before_anything_was_observed_is_refused()
    {
        QuantizationAwareModel model = RandomNetwork.FromSeed(7).PrepareForTraining();

        Assert.Contains("Nothing was observed", Assert.Throws<InvalidOperationException>(model.Convert).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_norm_that_fits_no_layer_is_refused()
    {
        RandomNetwork network = RandomNetwork.FromSeed(8, needsBias: true);
        var batchNorm = new BatchNormParameters(new float[99], new float[99], new float[99], new float[99]);

        Assert.Contains("no convolution other", Refusal("other"), StringComparison.Ordinal);
        Assert.Contains("the batch norm 99 channels", Refusal("layer0"), StringComparison.Ordinal);

        string Refusal(string name) =>
            Assert.Throws<ArgumentException>(() => network.Graph.FoldBatchNorms(new Dictionary<string, BatchNormParameters> { [name] = batchNorm })).Message;
    }

    private static void Train(QuantizationAwareModel model, RandomNetwork network, int steps)
    {
        var trainer = new Trainer(model, new Sgd(model.Parameters, 0.01f, momentum: 0.9f), Loss.MeanSquaredError);
        for (int i = 0; i < steps; i++)
        {
            trainer.Step(network.Batch(), network.Forward);
        }
    }

    /// <summary>Equal, which is more than the one step that is promised.</summary>
    private static void AssertSameCodes(QuantizationAwareModel model, FloatTensor batch)
    {
        QuantizedModel int8 = model.Convert();
        model.EnableObserver(false);
        FloatTensor simulated = model.Forward(batch);
        QuantizedTensor actual = int8.Forward(Quantizer.Quantize(batch, int8.InputQuantization!.Value));
        QuantizedTensor expected = Quantizer.Quantize(simulated, int8.OutputQuantization!.Value);

        Assert.Equal(expected.Data.ToArray(), actual.Data.ToArray());
        Assert.Equal(simulated.Data.ToArray(), Quantizer.Dequantize(actual).Data.ToArray());
    }

    private static double Error(AnnotatedModel teacher, QuantizedModel student, FloatTensor batch)
    {
        FloatTensor expected = teacher.Forward(batch);
        return Loss.MeanSquaredError.Compute(student.Forward(batch), expected, new FloatTensor(expected.Shape));
    }

    private sealed class Network(IReadOnlyList<LayerFactory> layers, IReadOnlyList<LayerWeights> weights) : AnnotatedModel(Sequential.Of(layers, weights));
}
