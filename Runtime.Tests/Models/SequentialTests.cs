using System;
using Kernels.Generic;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class SequentialTests
{
    private static readonly Shape4 Shape = new(2, 2, 6, 7);

    [Fact]
    public void A_sequence_computes_what_its_layers_compute_by_hand()
    {
        QuantizedModel sequence = TwoLayersData.Sequence();
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
    public void Generic_kernels_give_the_same_bytes()
    {
        QuantizedModel sequence = TwoLayersData.Sequence();
        byte[] input = TwoLayersData.Input(Shape);

        QuantizedModel generic = sequence.WithGenericKernels();

        Assert.All(generic.Layers, layer => Assert.IsType<GenericConvolution>(layer.Kernel));
        Assert.Equal("2 of 2 int8 layers with weights run generic kernels: First, Second.", generic.DescribeKernels());
        Assert.Equal(Run(sequence, Shape, input), Run(generic, Shape, input));
        Assert.Equal(sequence.OutputQuantization, generic.OutputQuantization);
    }

    [Fact]
    public void A_run_of_a_size_seen_before_allocates_nothing()
    {
        QuantizedModel sequence = TwoLayersData.Sequence();
        byte[] input = TwoLayersData.Input(Shape);
        var output = new byte[sequence.OutputShape(Shape).Count];
        sequence.Run(input, Shape.N, Shape.H, Shape.W, output);
        sequence.Run(input, 1, Shape.H - 1, Shape.W, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        sequence.Run(input, Shape.N, Shape.H, Shape.W, output);
        sequence.Run(input, 1, Shape.H - 1, Shape.W, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_float_batch_is_quantized_run_and_restored()
    {
        QuantizedModel sequence = TwoLayersData.Sequence();
        FloatTensor input = TwoLayersData.Batch(Shape, seed: 4);

        FloatTensor output = sequence.Forward(input);

        QuantizedTensor codes = sequence.Forward(Quantizer.Quantize(input, sequence.InputQuantization!.Value));
        Assert.Equal(Quantizer.Dequantize(codes).Data.ToArray(), output.Data.ToArray());
    }

    [Fact]
    public void A_smaller_image_after_a_larger_one_does_not_see_its_remains()
    {
        var small = new Shape4(1, 2, 3, 4);
        byte[] input = TwoLayersData.Input(small);
        QuantizedModel used = TwoLayersData.Sequence();
        used.Run(TwoLayersData.Input(Shape), Shape.N, Shape.H, Shape.W, new byte[used.OutputShape(Shape).Count]);

        Assert.Equal(Run(TwoLayersData.Sequence(), small, input), Run(used, small, input));
    }

    [Fact]
    public void An_input_with_another_scale_is_refused()
    {
        var input = new QuantizedTensor(Shape, new QuantizationParameters(0.03f, 120));

        var exception = Assert.Throws<ArgumentException>(() => TwoLayersData.Sequence().Forward(input));

        Assert.Contains("Requantize it first", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_other_channels_is_refused()
    {
        QuantizedModel sequence = TwoLayersData.Sequence();

        Assert.Throws<ArgumentException>(() => sequence.OutputShape(new Shape4(1, 3, 6, 6)));
        Assert.Throws<ArgumentException>(() => sequence.Forward(new QuantizedTensor(new Shape4(1, 3, 6, 6), sequence.InputQuantization!.Value)));
    }

    [Fact]
    public void Layers_that_do_not_fit_together_are_refused_by_name()
    {
        LayerFactory[] layers = [LayerFactory.For<Second>("Up"), LayerFactory.For<Second>("UpAgain")];

        var exception = Assert.Throws<ArgumentException>(() => Sequential.Of(layers, TwoLayersData.QuantizedWeights(), TwoLayersData.Activations));

        Assert.Contains("The layer UpAgain reads 5 channels, but Up before it writes 3.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_for_the_input_is_needed_too()
    {
        Assert.Throws<ArgumentException>(() => Sequential.Of(TwoLayers.Layers, TwoLayersData.QuantizedWeights(), TwoLayersData.Activations[1..]));
    }

    [Fact]
    public void Activations_are_unsigned()
    {
        QuantizationParameters[] activations = TwoLayersData.Activations;
        activations = [activations[0], new QuantizationParameters(0.1f, -1), activations[2]];

        Assert.Throws<ArgumentException>(() => Sequential.Of(TwoLayers.Layers, TwoLayersData.QuantizedWeights(), activations));
    }

    [Fact]
    public void A_sequence_needs_a_layer_and_two_layers_need_two_names()
    {
        QuantizedLayerWeights[] weights = TwoLayersData.QuantizedWeights();
        LayerFactory[] alike = [LayerFactory.For<First>("Same"), LayerFactory.For<Second>("Same")];

        Assert.Contains("at least one layer", Assert.Throws<ArgumentException>(() => Sequential.Of([], [], TwoLayersData.Activations)).Message, StringComparison.Ordinal);
        Assert.Contains("already a layer Same", Assert.Throws<ArgumentException>(() => Sequential.Of(alike, weights, TwoLayersData.Activations)).Message, StringComparison.Ordinal);
    }

    private static byte[] Run(QuantizedModel sequence, Shape4 shape, byte[] input)
    {
        var output = new byte[sequence.OutputShape(shape).Count];
        sequence.Run(input, shape.N, shape.H, shape.W, output);
        return output;
    }
}
