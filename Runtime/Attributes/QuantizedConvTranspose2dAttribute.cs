using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class an int8 2-D transposed convolution whose kernel is generated for exactly this shape:
/// <c>torch.ao.nn.quantized.ConvTranspose2d</c>, weights <c>[in, out / groups, kh, kw]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedConvTranspose2dAttribute : ConvolutionAttribute
{
    /// <summary>Rows and columns added at the bottom and right of the output, smaller than stride or dilation.</summary>
    public int OutputPadding { get; set; }

    /// <summary>Vertical output padding, when it differs from <see cref="OutputPadding"/>.</summary>
    public int OutputPaddingHeight { get; set; }

    /// <summary>Horizontal output padding, when it differs from <see cref="OutputPadding"/>.</summary>
    public int OutputPaddingWidth { get; set; }
}
