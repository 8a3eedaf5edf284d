using System;
using System.Linq;
using Kernels.Fusion;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Layers;

public class EpilogueTests
{
    [Theory]
    [InlineData("None")]
    [InlineData("Relu")]
    [InlineData("HardSwish+ChannelAffine+Add")]
    [InlineData("Add+Relu6+LeakyRelu+HardSigmoid+Clip+Affine+Affine")]
    public void A_text_names_the_functions_in_their_order(string text)
    {
        EpilogueSpec spec = EpilogueSpec.Parse(text);

        Assert.Equal(text, spec.Text);
        Assert.Equal(text == "None" ? [] : text.Split('+').Select(Enum.Parse<EpilogueFunction>), spec);
        Assert.Equal(text.Contains("Add"), spec.HasAdd);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relu")]
    [InlineData("Relu+")]
    [InlineData("Relu+3")]
    [InlineData("None+Relu")]
    [InlineData("Add+Relu+Add")]
    public void A_text_that_names_no_epilogue_is_refused(string text) => Assert.Throws<FormatException>(() => EpilogueSpec.Parse(text));

    [Fact]
    public void Specs_are_equal_when_they_name_the_same_functions()
    {
        var one = new EpilogueSpec(EpilogueFunction.Relu, EpilogueFunction.Add);
        var other = new EpilogueSpec(EpilogueFunction.Relu, EpilogueFunction.Add);

        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, new EpilogueSpec(EpilogueFunction.Add, EpilogueFunction.Relu));
        Assert.Equal(EpilogueSpec.None, new EpilogueSpec());
        Assert.Equal(Layer(one), Layer(other));
        Assert.NotEqual(Layer(one), Layer(EpilogueSpec.None));
    }

    [Fact]
    public void Two_additions_or_values_that_are_no_functions_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new EpilogueSpec(EpilogueFunction.Add, EpilogueFunction.Add));
        Assert.Throws<ArgumentException>(() => new EpilogueSpec((EpilogueFunction)9));
    }

    [Fact]
    public void Constants_that_make_no_number_are_refused()
    {
        Assert.Throws<ArgumentException>(() => EpilogueStep.LeakyRelu(float.NaN));
        Assert.Throws<ArgumentException>(() => EpilogueStep.Clip(1, 0));
        Assert.Throws<ArgumentException>(() => EpilogueStep.Clip(float.NaN, 0));
        Assert.Throws<ArgumentException>(() => EpilogueStep.Clip(float.PositiveInfinity, float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => EpilogueStep.Affine(1, float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => EpilogueStep.ChannelAffine([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => EpilogueStep.ChannelAffine([], []));
        Assert.Throws<ArgumentException>(() => EpilogueStep.ChannelAffine([1, float.NaN], [1, 2]));
        Assert.Throws<InvalidOperationException>(() => EpilogueStep.Relu.NegativeSlope);
        Assert.Throws<InvalidOperationException>(() => EpilogueStep.Relu.Scale.Length);
    }

    [Fact]
    public void A_second_input_has_quantization_exactly_when_it_is_added()
    {
        var quantization = new QuantizationParameters(0.5f, 3);

        Assert.Equal(quantization, new EpilogueParameters([EpilogueStep.Relu, EpilogueStep.Add], quantization).Second);
        Assert.Throws<ArgumentException>(() => new EpilogueParameters([EpilogueStep.Add]));
        Assert.Throws<ArgumentException>(() => new EpilogueParameters([EpilogueStep.Relu], quantization));
        Assert.ThrowsAny<ArgumentException>(() => new EpilogueParameters([EpilogueStep.Add], new QuantizationParameters(1f, -1)));
    }

    [Fact]
    public void An_epilogue_must_be_the_layers()
    {
        ConvolutionSpec relu = Layer(new EpilogueSpec(EpilogueFunction.Relu));
        ConvolutionSpec affine = Layer(new EpilogueSpec(EpilogueFunction.ChannelAffine));

        Assert.NotNull(Create(relu, new EpilogueParameters([EpilogueStep.Relu])));
        Assert.Throws<ArgumentException>(() => Create(relu, null));
        Assert.Throws<ArgumentException>(() => Create(Layer(EpilogueSpec.None), new EpilogueParameters([EpilogueStep.Relu])));
        Assert.Throws<ArgumentException>(() => Create(affine, new EpilogueParameters([EpilogueStep.ChannelAffine([1, 2, 3], [1, 2, 3])])));
        Assert.Throws<ArgumentException>(() => Create(relu with { Activation = Activation.Relu }, new EpilogueParameters([EpilogueStep.Relu])));
        Assert.Throws<ArgumentException>(() => new FloatConvolution(relu, new FloatWeight(relu.WeightShape, new float[6]), []));
    }

    [Fact]
    public void Constants_under_which_values_could_leave_float32_are_refused()
    {
        ConvolutionSpec spec = Layer(new EpilogueSpec(EpilogueFunction.Affine, EpilogueFunction.Affine));

        Assert.NotNull(Create(spec, new EpilogueParameters([EpilogueStep.Affine(1e14f, 1e20f), EpilogueStep.Affine(1e14f, 0)])));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Create(spec, new EpilogueParameters([EpilogueStep.Affine(1e20f, 0), EpilogueStep.Affine(1e20f, 0)])));
        Assert.Contains("leave the range of float32", refusal.Message);
    }

    [Fact]
    public void A_layer_that_adds_a_second_input_is_run_with_it()
    {
        var one = EpilogueCase.Fill(ConvolutionCase.FromSeed(5), new EpilogueSpec(EpilogueFunction.Add), new Random(5));
        ConvolutionCase convolution = one.Convolution;
        IQuantizedLayer layer = LayerFactory.Generic("residual", convolution.Spec).Create(convolution.Weight, convolution.Bias, convolution.Input.Quantization, convolution.Output, one.Epilogue);
        var residual = Assert.IsType<IResidualLayer>(layer, exactMatch: false);
        Shape4 from = convolution.Input.Shape;
        var output = new byte[layer.OutputShape(from).Count];

        Assert.Equal(one.Second!.Quantization, residual.SecondQuantization);
        Assert.Throws<InvalidOperationException>(() => layer.Run(convolution.Input.Data, from.N, from.H, from.W, output));
        Assert.Throws<ArgumentException>(() => residual.Run(convolution.Input.Data, one.Second.Data[1..], from.N, from.H, from.W, output));
        Assert.Throws<ArgumentException>(() => residual.Run(convolution.Input.Data, output, from.N, from.H, from.W, output));
        ConvolutionSpec plain = convolution.Spec with { Epilogue = EpilogueSpec.None };
        Assert.False(LayerFactory.Generic("plain", plain).Create(convolution.Weight, convolution.Bias, convolution.Input.Quantization, convolution.Output) is IResidualLayer);
    }

    [Fact]
    public void Constants_of_functions_have_places_for_all_that_steps_hold()
    {
        foreach (EpilogueFunction function in Enum.GetValues<EpilogueFunction>())
        {
            int expected = function switch
            {
                EpilogueFunction.LeakyRelu => 1,
                EpilogueFunction.Clip or EpilogueFunction.Affine or EpilogueFunction.Add => 2,
                _ => 0,
            };
            Assert.Equal(function.ToString(), ((FusedFunction)function).ToString());
            Assert.Equal(expected, EpilogueProgram.Constants((FusedFunction)function));
        }
    }

    private static ConvolutionSpec Layer(EpilogueSpec epilogue) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 3,
        OutChannels = 2,
        KernelHeight = 1,
        KernelWidth = 1,
        HasBias = false,
        Epilogue = epilogue,
    };

    private static GenericConvolution Create(ConvolutionSpec spec, EpilogueParameters? epilogue) => new(
        spec,
        new QuantizedWeight(spec.WeightShape, new sbyte[6], new WeightQuantization(new QuantizationParameters(1f, 0))),
        [],
        new QuantizationParameters(1f, 0),
        new QuantizationParameters(1f, 0),
        epilogue);
}
