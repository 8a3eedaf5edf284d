namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>PerChannelMinMaxObserver</c>: the range of everything observed in each channel. NaN and infinity are errors.
/// </summary>
/// <param name="channelAxis">PyTorch's <c>ch_axis</c>: the dimension of observed tensors, in NCHW order, that counts channels.</param>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class PerChannelMinMaxObserver(int channelAxis = 0, ObserverSettings? settings = null) : PerChannelObserver(channelAxis, settings)
{
    private protected override ValueRange Next(ValueRange seen, ValueRange batch) => seen.Union(batch);

    private protected override ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches) => a.Union(b);
}
