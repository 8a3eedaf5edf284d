using System;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class FakeQuantizedConvolutionTests
{
    private const float Epsilon = 1e-3f;

    [Theory]
    [InlineData(ConvolutionKind.Conv2d, 1, false)]
    [InlineData(ConvolutionKind.Conv2d, 1, true)]
    [InlineData(ConvolutionKind.Conv2d, 2, false)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 1, false)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 1, true)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 2, false)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 2, true)]
    public void A_folded_batch_norm_has_the_gradients_of_one_that_is_not_folded(ConvolutionKind kind, int groups, bool isFrozen)
    {
        var random = new Random(groups);
        ConvolutionSpec spec = Spec(kind, groups, Activation.LeakyRelu);
        var from = new Shape4(2, spec.InChannels, 4, 5);
        BatchNormParameters start = BatchNorm(random, spec.OutChannels);
        FakeQuantizedConvolution layer = Layer(spec, random, start);
        layer.BatchNorm!.IsFrozen = isFrozen;
        Switch(layer, observe: false, round: false);
        double[] mean = DoubleBatchNorm.Doubles(start.Mean);
        double[] variance = DoubleBatchNorm.Doubles(start.Variance);

        GradientCheck.Run(
            layer,
            TrainingData.Tensor(random, from),
            (x, p) =>
            {
                double[] sums = DoubleConvolution.Sums(spec, from, x, p[0], p[1]);
                double[] normalized = isFrozen
                    ? DoubleBatchNorm.With(sums, mean, variance, p[2], p[3], Epsilon)
                    : DoubleBatchNorm.WithBatch(sums, p[2], p[3], Epsilon);
                return DoubleActivation.Apply(spec.Activation, spec.NegativeSlope, normalized);
            },
            random,
            $"{kind}, groups {groups}, frozen {isFrozen}",
            samples: 30);
    }

    [Fact]
    public void Without_rounding_it_is_the_float_layer()
    {
        var random = new Random(3);
        ConvolutionSpec spec = Spec(ConvolutionKind.ConvTranspose2d, 1, Activation.Relu);
        FakeQuantizedConvolution layer = Layer(spec, random, null);
        Switch(layer, observe: true, round: false);
        FloatTensor input = TrainingData.Tensor(random, new Shape4(1, spec.InChannels, 4, 4));
        FusedConvolution plain = layer.ToFloat();

        Assert.Equal(new FloatConvolution(spec, plain.Weight, plain.Bias).Forward(input).Data.ToArray(), layer.Forward(input).Data.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_output_is_that_of_rounded_weights_rounded(bool isPerChannel)
    {
        var random = new Random(4);
        ConvolutionSpec spec = Spec(ConvolutionKind.Conv2d, 2, Activation.Relu6);
        FakeQuantizedConvolution layer = Layer(spec, random, null, isPerChannel);
        FloatTensor input = Rounded(layer, TrainingData.Tensor(random, new Shape4(2, spec.InChannels, 5, 5)));
        FloatTensor output = layer.Forward(input);
        FloatWeight weight = WeightQuantizer.Dequantize(layer.Quantize(), spec);
        float[] expected = new FloatConvolution(spec, weight, layer.Bias!.Values).Forward(input).Data.ToArray();

        float scale = layer.OutputFakeQuantize.Parameters[0].Scale;
        Assert.Equal(isPerChannel ? spec.OutChannels : 1, layer.WeightFakeQuantize.Parameters.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(Math.Abs(expected[i] - output.Data[i]), 0, 0.5001f * scale);
        }
    }

    [Fact]
    public void Weights_beyond_their_range_get_no_gradient()
    {
        var random = new Random(5);
        ConvolutionSpec spec = Spec(ConvolutionKind.ConvTranspose2d, 1, Activation.None);
        FakeQuantizedConvolution layer = Layer(spec, random, null);
        FloatTensor input = Rounded(layer, TrainingData.Tensor(random, new Shape4(1, spec.InChannels, 4, 4)));
        FloatTensor output = layer.Forward(input);

        // The range stays that of the first pass; one weight leaves it.
        Switch(layer, observe: false, round: true);
        layer.Weight.Values[7] = 3;
        layer.Forward(input);
        layer.BackwardToParameters(TrainingData.Tensor(random, output.Shape));

        Assert.Equal(0, layer.Weight.Gradient[7]);
        Assert.All(layer.Weight.Gradient[8..].ToArray(), static g => Assert.NotEqual(0, g));
    }

    [Fact]
    public void Outputs_beyond_their_range_pass_no_gradient_on()
    {
        var random = new Random(6);
        ConvolutionSpec spec = Spec(ConvolutionKind.Conv2d, 1, Activation.None);
        FakeQuantizedConvolution layer = Layer(spec, random, null);
        FloatTensor input = Rounded(layer, TrainingData.Tensor(random, new Shape4(1, spec.InChannels, 4, 4)));
        FloatTensor output = layer.Forward(input);
        Switch(layer, observe: false, round: true);
        layer.Bias!.Values[1] = 1000;
        layer.Forward(input);
        layer.Bias.ZeroGradient();
        layer.BackwardToParameters(new FloatTensor(output.Shape, Ones(output.Shape.Count)));

        Assert.Equal(0, layer.Bias.Gradient[1]);
        Assert.Equal(output.Shape.H * output.Shape.W, layer.Bias.Gradient[0]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var random = new Random(7);
        ConvolutionSpec spec = Spec(ConvolutionKind.Conv2d, 1, Activation.None);
        var weight = new FloatWeight(spec.WeightShape, new float[spec.WeightShape.Count]);
        FakeQuantize activation = QConfig.FullRangeTraining.CreateActivationFakeQuantize();
        FakeQuantize weights = QConfig.FullRangeTraining.CreateWeightFakeQuantize();
        var batchNorm = new TrainableBatchNorm2d(BatchNorm(random, spec.OutChannels));

        Assert.Throws<ArgumentException>(() => new FakeQuantizedConvolution(spec, weight, new float[spec.OutChannels], activation, activation, activation));
        Assert.Throws<ArgumentException>(() => new FakeQuantizedConvolution(spec, weight, new float[spec.OutChannels], activation, weights, weights));
        Assert.Throws<ArgumentException>(() => new FakeQuantizedConvolution(spec with { HasBias = false }, weight, default, activation, weights, activation, batchNorm));
        Assert.Contains(
            "forward pass",
            Assert.Throws<InvalidOperationException>(() => new FakeQuantizedConvolution(spec, weight, new float[spec.OutChannels], activation, weights, activation).Quantize()).Message,
            StringComparison.Ordinal);
    }

    private static ConvolutionSpec Spec(ConvolutionKind kind, int groups, Activation activation) => new()
    {
        Kind = kind,
        InChannels = 4,
        OutChannels = 6,
        KernelHeight = 3,
        KernelWidth = 2,
        StrideHeight = 2,
        PaddingHeight = 1,
        PaddingWidth = 1,
        Groups = groups,
        Activation = activation,
        NegativeSlope = 0.2f,
    };

    private static FakeQuantizedConvolution Layer(ConvolutionSpec spec, Random random, BatchNormParameters? batchNorm, bool isPerChannel = false)
    {
        QConfig config = isPerChannel ? QConfig.FullRangeTraining : QConfig.QnnpackTraining;
        return new FakeQuantizedConvolution(
            spec,
            new FloatWeight(spec.WeightShape, TrainingData.Floats(random, spec.WeightShape.Count)),
            TrainingData.Floats(random, spec.OutChannels),
            Input,
            config.CreateWeightFakeQuantize(),
            config.CreateActivationFakeQuantize(),
            batchNorm is null ? null : new TrainableBatchNorm2d(batchNorm));
    }

    private static FakeQuantize Input { get; } = QConfig.QnnpackTraining.CreateActivationFakeQuantize();

    private static FloatTensor Rounded(FakeQuantizedConvolution layer, FloatTensor input)
    {
        Switch(layer, observe: true, round: true);
        Input.ObserverEnabled = true;
        return Input.Forward(input);
    }

    private static void Switch(FakeQuantizedConvolution layer, bool observe, bool round)
    {
        foreach (FakeQuantize fakeQuantize in new[] { Input, layer.WeightFakeQuantize, layer.OutputFakeQuantize })
        {
            (fakeQuantize.ObserverEnabled, fakeQuantize.FakeQuantEnabled) = (observe, round);
        }
    }

    private static BatchNormParameters BatchNorm(Random random, int channels) => new(
        TrainingData.Floats(random, channels),
        Array.ConvertAll(TrainingData.Floats(random, channels), static v => v * v + 0.2f),
        Array.ConvertAll(TrainingData.Floats(random, channels), static v => v < 0 ? v - 0.3f : v + 0.3f),
        TrainingData.Floats(random, channels),
        Epsilon);

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
