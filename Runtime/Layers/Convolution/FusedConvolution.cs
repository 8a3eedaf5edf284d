namespace Kernels.Layers;

/// <summary>A float convolution with what followed it folded in, ready to be observed and quantized.</summary>
/// <param name="Spec">The layer, which has a bias.</param>
/// <param name="Weight">Its weights.</param>
/// <param name="Bias">Its bias, one an output channel.</param>
public sealed record FusedConvolution(ConvolutionSpec Spec, FloatWeight Weight, float[] Bias);
