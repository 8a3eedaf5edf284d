namespace Kernels.Layers;

/// <summary>
/// Layers that are a convolution in other clothes. Sequences <c>[n, c, length]</c> are images of height 1: <c>[n, c, 1, length]</c>.
/// </summary>
public static class ConvolutionSpecs
{
    /// <summary>PyTorch's Conv1d; weights <c>[out, in / groups, 1, kernel]</c>.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="kernel">Kernel size in taps.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="padding">Padding on both sides.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="hasBias">Whether the layer adds a bias.</param>
    /// <param name="activation">The fused activation.</param>
    /// <returns>The layer as a Conv2d.</returns>
    public static ConvolutionSpec Conv1d(
        int inChannels,
        int outChannels,
        int kernel,
        int stride = 1,
        int padding = 0,
        int dilation = 1,
        int groups = 1,
        bool hasBias = true,
        Activation activation = Activation.None) => new()
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = inChannels,
            OutChannels = outChannels,
            KernelHeight = 1,
            KernelWidth = kernel,
            StrideWidth = stride,
            PaddingWidth = padding,
            DilationWidth = dilation,
            Groups = groups,
            HasBias = hasBias,
            Activation = activation,
        };

    /// <summary>PyTorch's ConvTranspose1d; weights <c>[in, out / groups, 1, kernel]</c>.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="kernel">Kernel size in taps.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="padding">Elements removed from both sides of the output.</param>
    /// <param name="outputPadding">Elements added at the end of the output.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="hasBias">Whether the layer adds a bias.</param>
    /// <param name="activation">The fused activation.</param>
    /// <returns>The layer as a ConvTranspose2d.</returns>
    public static ConvolutionSpec ConvTranspose1d(
        int inChannels,
        int outChannels,
        int kernel,
        int stride = 1,
        int padding = 0,
        int outputPadding = 0,
        int dilation = 1,
        int groups = 1,
        bool hasBias = true,
        Activation activation = Activation.None) => new()
        {
            Kind = ConvolutionKind.ConvTranspose2d,
            InChannels = inChannels,
            OutChannels = outChannels,
            KernelHeight = 1,
            KernelWidth = kernel,
            StrideWidth = stride,
            PaddingWidth = padding,
            OutputPaddingWidth = outputPadding,
            DilationWidth = dilation,
            Groups = groups,
            HasBias = hasBias,
            Activation = activation,
        };

    /// <summary>PyTorch's Linear; weights <c>[out, in, 1, 1]</c>.</summary>
    /// <param name="inFeatures">Input features.</param>
    /// <param name="outFeatures">Output features.</param>
    /// <param name="hasBias">Whether the layer adds a bias.</param>
    /// <param name="activation">The fused activation.</param>
    /// <returns>The layer as a 1x1 Conv2d.</returns>
    public static ConvolutionSpec Linear(int inFeatures, int outFeatures, bool hasBias = true, Activation activation = Activation.None) =>
        Conv1d(inFeatures, outFeatures, kernel: 1, hasBias: hasBias, activation: activation);
}
