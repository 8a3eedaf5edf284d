using System;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class QuantizedSequenceTests
{
    private static readonly Shape4 Shape = new(2, 2, 6, 7);

    [Fact]
    public void A_sequence_computes_what_its_layers_compute_by_hand()
    {
        QuantizedSequence sequence = TwoLayersData.Sequence();
        QuantizedLayerWeights[] weights = TwoLayersData.QuantizedWeights();
        QuantizationParameters[] activations = TwoLayersData.Activations;
        First first = First.Create(weights[0].Weight, weights[0].Bias, activations[0], activations[1]);
        Second second = Second.Create(weights[1].Weight, weights[1].Bias, activations[1], activations[2]);
        byte[] input = TwoLayersData.Input(Shape);
        var between = new byte[first.OutputShape(Shape).Count];
        var expected = new byte[second.OutputShape(first.OutputShape(Shape)).Count];
        first.Run(input, Shape.N, Shape.H, Shape.W, between);
        second.Run(between, Shape.N, Shape.H, Shape.W, expected);

        var output = new byte[sequence.OutputShape(Shape).Count];
        sequence.Run(input, Shape.N, Shape.H, Shape.W, output);

        Assert.Equal(new Shape4(2, 3, 12, 14), sequence.OutputShape(Shape));
        Assert.Equal(expected, output);
        Assert.Equal(expected, sequence.Forward(new QuantizedTensor(Shape, activations[0], input)).Data.ToArray());
    }

    [Fact]
    public void A_smaller_image_after_a_larger_one_does_not_see_its_remains()
    {
        var small = new Shape4(1, 2, 3, 4);
        byte[] input = TwoLayersData.Input(small);
        QuantizedSequence used = TwoLayersData.Sequence();
        used.Run(TwoLayersData.Input(Shape), Shape.N, Shape.H, Shape.W, new byte[used.OutputShape(Shape).Count]);

        Assert.Equal(Run(TwoLayersData.Sequence(), small, input), Run(used, small, input));
    }

    [Fact]
    public void An_input_with_another_scale_is_refused()
    {
        var input = new QuantizedTensor(Shape, new QuantizationParameters(0.03f, 120));

        var exception = Assert.Throws<ArgumentException>(() => TwoLayersData.Sequence().Forward(input));

        Assert.Contains("InputQuantization", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_other_channels_is_refused()
    {
        QuantizedSequence sequence = TwoLayersData.Sequence();

        Assert.Throws<ArgumentException>(() => sequence.OutputShape(new Shape4(1, 3, 6, 6)));
        Assert.Throws<ArgumentException>(() => sequence.Forward(new QuantizedTensor(new Shape4(1, 3, 6, 6), sequence.InputQuantization)));
    }

    [Fact]
    public void Layers_that_do_not_fit_together_are_refused_by_name()
    {
        LayerFactory[] layers = [LayerFactory.For<Second>("Up"), LayerFactory.For<Second>("UpAgain")];

        var exception = Assert.Throws<ArgumentException>(() => new QuantizedSequence(layers, TwoLayersData.QuantizedWeights(), TwoLayersData.Activations));

        Assert.Contains("The layer UpAgain reads 5 channels, but Up before it writes 3.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_for_the_input_is_needed_too()
    {
        Assert.Throws<ArgumentException>(() => new QuantizedSequence(TwoLayers.Layers, TwoLayersData.QuantizedWeights(), TwoLayersData.Activations[1..]));
    }

    [Fact]
    public void Activations_are_unsigned()
    {
        QuantizationParameters[] activations = TwoLayersData.Activations;
        activations = [activations[0], new QuantizationParameters(0.1f, -1), activations[2]];

        Assert.Throws<ArgumentException>(() => new QuantizedSequence(TwoLayers.Layers, TwoLayersData.QuantizedWeights(), activations));
    }

    private static byte[] Run(QuantizedSequence sequence, Shape4 shape, byte[] input)
    {
        var output = new byte[sequence.OutputShape(shape).Count];
        sequence.Run(input, shape.N, shape.H, shape.W, output);
        return output;
    }
}
