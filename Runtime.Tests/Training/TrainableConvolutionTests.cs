using System;
using FsCheck.Xunit;
using Kernels.Layers;
using Kernels.Tests.Support;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class TrainableConvolutionTests
{
    [Property(MaxTest = 60)]
    public void Gradients_of_any_convolution_are_its_finite_differences(int seed)
    {
        var random = new Random(seed);
        ConvolutionCase one = ConvolutionCase.FromSeed(seed);
        ConvolutionSpec spec = one.Spec;
        Shape4 from = Small(spec, one.Input.Shape);
        TrainableConvolution layer;
        FloatTensor input;
        do
        {
            (layer, input) = (Layer(spec, random), TrainingData.Tensor(random, from));
        }
        while (DoubleActivation.HasBendNear(spec.Activation, Sums(layer, input)));

        GradientCheck.Run(layer, input, Reference(spec, from), random, $"{spec} on {from}", samples: 4);
    }

    [Theory]
    [InlineData(ConvolutionKind.Conv2d, 5, 30, 3, 1, 1)]
    [InlineData(ConvolutionKind.Conv2d, 40, 9, 5, 2, 1)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 26, 3, 4, 2, 1)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 7, 33, 3, 3, 1)]
    [InlineData(ConvolutionKind.Conv2d, 12, 12, 3, 2, 12)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 19, 19, 5, 2, 19)]
    public void Gradients_are_right_for_full_and_partial_register_tiles(ConvolutionKind kind, int inChannels, int outChannels, int kernel, int stride, int groups)
    {
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = inChannels,
            OutChannels = outChannels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = 1,
            PaddingWidth = 1,
            Groups = groups,
        };
        var random = new Random(inChannels);
        var from = new Shape4(2, inChannels, 7, 10);

        GradientCheck.Run(Layer(spec, random), TrainingData.Tensor(random, from), Reference(spec, from), random, spec.ToString(), samples: 40);
    }

    [Fact]
    public void A_linear_layer_has_the_gradients_of_its_finite_differences()
    {
        ConvolutionSpec spec = ConvolutionSpecs.Linear(13, 21);
        var random = new Random(5);
        var from = new Shape4(6, 13, 1, 1);

        GradientCheck.Run(Layer(spec, random), TrainingData.Tensor(random, from), Reference(spec, from), random, "linear", samples: 40);
    }

    [Fact]
    public void Output_padding_beyond_the_stride_gets_no_gradient_rows()
    {
        // Allowed because it is smaller than the dilation; the adjoint convolution then computes rows that do not exist.
        var spec = new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = 2,
            OutChannels = 3,
            KernelHeight = 2,
            KernelWidth = 3,
            DilationHeight = 4,
            DilationWidth = 3,
            OutputPaddingHeight = 3,
            OutputPaddingWidth = 2,
        };
        var random = new Random(6);
        var from = new Shape4(2, 2, 3, 4);

        GradientCheck.Run(Layer(spec, random), TrainingData.Tensor(random, from), Reference(spec, from), random, "output padding", samples: 40);
    }

    [Fact]
    public void Backward_passes_add_to_the_gradients()
    {
        var random = new Random(7);
        TrainableConvolution layer = Layer(ConvolutionCase.FromSeed(3).Spec, random);
        FloatTensor input = TrainingData.Tensor(random, ConvolutionCase.FromSeed(3).Input.Shape);
        FloatTensor gradient = TrainingData.Tensor(random, layer.Forward(input).Shape);
        layer.BackwardToParameters(gradient);
        float[] once = layer.Weight.Gradient.ToArray();
        layer.BackwardToParameters(gradient);

        Assert.Equal(Array.ConvertAll(once, static g => g + g), layer.Weight.Gradient.ToArray());
        layer.Weight.ZeroGradient();
        Assert.All(layer.Weight.Gradient.ToArray(), static g => Assert.Equal(0, g));
    }

    [Fact]
    public void The_wrong_order_and_the_wrong_shape_are_refused()
    {
        var random = new Random(8);
        TrainableConvolution layer = Layer(ConvolutionCase.FromSeed(3).Spec, random);
        FloatTensor input = TrainingData.Tensor(random, ConvolutionCase.FromSeed(3).Input.Shape);

        Assert.Contains("call Forward first", Assert.Throws<InvalidOperationException>(() => layer.Backward(input)).Message, StringComparison.Ordinal);
        FloatTensor output = layer.Forward(input);
        Assert.Throws<ArgumentException>(() => layer.Backward(new FloatTensor(output.Shape with { N = output.Shape.N + 1 })));
    }

    private static TrainableConvolution Layer(ConvolutionSpec spec, Random random) => new(
        spec,
        new FloatWeight(spec.WeightShape, TrainingData.Floats(random, spec.WeightShape.Count)),
        TrainingData.Floats(random, spec.HasBias ? spec.OutChannels : 0));

    /// <summary>Few pixels, since finite differences run the double-precision layer often.</summary>
    private static Shape4 Small(ConvolutionSpec spec, Shape4 shape)
    {
        Shape4 small = shape with { H = Math.Min(shape.H, 5), W = Math.Min(shape.W, 7) };
        return spec.OutputHeight(small.H) >= 1 && spec.OutputWidth(small.W) >= 1 ? small : shape;
    }

    private static DoubleLayer Reference(ConvolutionSpec spec, Shape4 from) => (x, parameters) =>
        DoubleActivation.Apply(spec.Activation, spec.NegativeSlope, DoubleConvolution.Sums(spec, from, x, parameters[0], spec.HasBias ? parameters[1] : null));

    private static double[] Sums(TrainableConvolution layer, FloatTensor input) => DoubleConvolution.Sums(
        layer.Spec,
        input.Shape,
        Array.ConvertAll(input.Data.ToArray(), static v => (double)v),
        Array.ConvertAll(layer.Weight.Values.ToArray(), static v => (double)v),
        layer.Bias is null ? null : Array.ConvertAll(layer.Bias.Values.ToArray(), static v => (double)v));
}
