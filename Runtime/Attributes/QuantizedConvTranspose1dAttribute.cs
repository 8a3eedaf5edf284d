using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class, or method of a network, an int8 1-D transposed convolution whose kernel is generated for exactly this shape: PyTorch's
/// <c>ConvTranspose1d</c> as a 2-D one over images 1 high, weights <c>[in, out / groups, 1, k]</c>. Files may have them as <c>[in, out / groups, k]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedConvTranspose1dAttribute : SignalConvolutionAttribute
{
    /// <summary>Samples added at the end of the output, fewer than stride or dilation.</summary>
    public int OutputPadding { get; set; }
}
