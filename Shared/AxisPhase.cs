namespace Kernels.Geometry;

/// <summary>A tap along one axis: the input offset it reads, relative to the phase's base, and its position in the kernel.</summary>
internal readonly record struct AxisTap(int Offset, int Kernel);

/// <summary>
/// One residue of the output positions along one axis, and the taps that reach it, by ascending input offset; none where the kernel is
/// shorter than the stride. The offsets are evenly spaced.
/// </summary>
internal sealed record AxisPhase(int Index, EquatableArray<AxisTap> Taps)
{
    /// <summary>Offset of the first tap, 0 when there is none.</summary>
    public int First => Taps.Count == 0 ? 0 : Taps[0].Offset;

    /// <summary>Offset of the last tap, 0 when there is none.</summary>
    public int Last => Taps.Count == 0 ? 0 : Taps[Taps.Count - 1].Offset;

    /// <summary>Distance between neighbouring offsets, 1 when there are fewer than two taps.</summary>
    public int Step => Taps.Count < 2 ? 1 : Taps[1].Offset - Taps[0].Offset;
}
