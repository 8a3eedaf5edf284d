using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class an int8 2-D convolution whose kernel is generated for exactly this shape:
/// <c>torch.ao.nn.quantized.Conv2d</c>, weights <c>[out, in / groups, kh, kw]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class QuantizedConv2dAttribute : ConvolutionAttribute;
