using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class, or method of a network, an int8 1-D convolution whose kernel is generated for exactly this shape: PyTorch's
/// <c>Conv1d</c> as a 2-D one over images 1 high, weights <c>[out, in / groups, 1, k]</c>. Files may have them as <c>[out, in / groups, k]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedConv1dAttribute : SignalConvolutionAttribute;
