using Kernels.Layers;
using Xunit;

namespace Kernels.Tests;

public class ShapeTests
{
    [Theory]
    [InlineData(3, 2, 1, 1, 32, 64)]
    [InlineData(4, 2, 3, 0, 16, 28)]
    [InlineData(9, 3, 4, 2, 64, 192)]
    public void Transposed_output_size_is_PyTorchs(int kernel, int stride, int padding, int outputPadding, int size, int expected)
    {
        var spec = new ConvolutionSpec
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = 1,
            OutChannels = 1,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = padding,
            PaddingWidth = padding,
            OutputPaddingHeight = outputPadding,
            OutputPaddingWidth = outputPadding,
        };

        Assert.Equal(expected, spec.OutputHeight(size));
        Assert.Equal(expected, spec.OutputWidth(size));
    }
}
