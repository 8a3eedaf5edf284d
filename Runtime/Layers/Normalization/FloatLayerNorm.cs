namespace Kernels.Layers;

/// <summary>
/// Normalizes the channels of every pixel: PyTorch's <c>nn.LayerNorm(channels)</c> where channels are the last axis, as they are in memory here, and
/// the LayerNorm of ConvNeXt. Over channels, rows and columns together it is a <see cref="FloatGroupNorm"/> of one group.
/// </summary>
/// <param name="parameters">Weight and bias of each channel.</param>
public sealed class FloatLayerNorm(NormalizationParameters parameters) : FloatNormalization(parameters)
{
    private protected override (int Pixels, int Channels) SetOf(Shape4 shape) => (1, shape.C);
}
