namespace Kernels.Layers;

/// <summary>Which of the two convolutions a layer is.</summary>
public enum ConvolutionKind
{
    /// <summary>PyTorch's Conv2d: output pixel o reads input o * stride - padding + k * dilation.</summary>
    Conv2d,

    /// <summary>PyTorch's ConvTranspose2d: output pixel o reads every input i with i * stride - padding + k * dilation = o.</summary>
    ConvTranspose2d,
}
