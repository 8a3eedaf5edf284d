namespace Kernels.Geometry;

/// <summary>One spatial axis of a layer, with PyTorch's parameter names. All arithmetic is in 64 bits: no number within <see cref="Limits"/> wraps it.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Stride.</param>
/// <param name="Padding">Padding.</param>
/// <param name="OutputPadding">Output padding.</param>
/// <param name="Dilation">Distance between taps.</param>
/// <param name="InputSize">Rows or columns of every input; 0 when they can be any number.</param>
internal readonly record struct AxisSpec(int Kernel, int Stride, int Padding, int OutputPadding, int Dilation, int InputSize = 0)
{
    /// <summary>Pixels from the first tap to the last.</summary>
    public long Extent => (long)Dilation * (Kernel - 1) + 1;

    /// <summary>Whether each output position reads its own input position and no other.</summary>
    public bool IsPoint => this is { Kernel: 1, Stride: 1, Padding: 0, OutputPadding: 0 };

    /// <summary>PyTorch's rule for the output padding.</summary>
    public bool HasValidOutputPadding(bool isTransposed) =>
        OutputPadding == 0 || (isTransposed && OutputPadding > 0 && (OutputPadding < Stride || OutputPadding < Dilation));

    /// <summary>Rows or columns of the output; 0 or less when there are none.</summary>
    public long OutputSize(bool isTransposed, long inputSize)
    {
        long free = inputSize + 2L * Padding - Extent;
        return isTransposed ? (inputSize - 1) * Stride - 2L * Padding + Extent + OutputPadding
            : free < 0 ? 0
            : free / Stride + 1;
    }

    /// <summary>
    /// The most taps that one output pixel reads. Tap k of a transposed layer belongs to the phase of k * dilation modulo the stride, which
    /// repeats every stride / gcd(stride, dilation) taps.
    /// </summary>
    public int FullestPhase(bool isTransposed)
    {
        int period = isTransposed ? Stride / GreatestCommonDivisor(Stride, Dilation) : 1;
        return (Kernel + period - 1) / period;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
