namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>MinMaxObserver</c>: the range of everything observed. NaN and infinity are errors (PyTorch fails when it
/// calculates from NaN, and gives an infinite scale for infinity).
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class MinMaxObserver(ObserverSettings? settings = null) : RangeObserver(settings)
{
    private protected override ValueRange Next(ValueRange seen, ValueRange batch) => seen.Union(batch);

    private protected override ValueRange Merged(ValueRange a, long aBatches, ValueRange b, long bBatches) => a.Union(b);
}
