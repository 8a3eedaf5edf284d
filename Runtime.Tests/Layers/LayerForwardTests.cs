using System;
using Kernels.Layers;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Layers;

public class LayerForwardTests
{
    private static readonly QuantizationParameters Half = new(0.5f, 10);

    [Fact]
    public void A_layer_takes_numbers_and_gives_numbers()
    {
        IQuantizedLayer layer = new QuantizedMaxPool2d(new PoolingSpec(2), Half);

        FloatTensor output = layer.Forward(new FloatTensor(new Shape4(1, 1, 2, 2), [1f, 2.6f, -3f, 0f]));

        Assert.Equal([2.5f], output.Data.ToArray());
    }

    [Fact]
    public void Numbers_beyond_the_input_range_are_cut_off()
    {
        IQuantizedLayer layer = new QuantizedMaxPool2d(new PoolingSpec(1), Half);

        FloatTensor output = layer.Forward(new FloatTensor(new Shape4(1, 1, 1, 2), [-1000f, 1000f]));

        Assert.Equal([-5f, 122.5f], output.Data.ToArray());
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused() =>
        Assert.Throws<ArgumentException>(() => new QuantizedMaxPool2d(new PoolingSpec(4), Half).Forward(new FloatTensor(new Shape4(1, 1, 2, 2))));
}
