using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Geometry;

/// <summary>
/// One axis of a layer as ordinary correlations. Output position <c>OutputStride * i + phase</c> reads input positions
/// <c>InputStride * i + offset</c>. A convolution has one phase; a transposed convolution has one for each residue of
/// its stride: tap k reaches output o where <c>o + padding - k * dilation</c> is divisible by the stride, and the
/// quotient is the input position.
/// </summary>
/// <param name="InputStride">Input positions from one output position of a phase to the next.</param>
/// <param name="OutputStride">Output positions from one of a phase to the next.</param>
/// <param name="Phases">The phases.</param>
/// <param name="OutputSize">Output positions; null when they depend on the run.</param>
internal sealed record AxisGeometry(int InputStride, int OutputStride, EquatableArray<AxisPhase> Phases, int? OutputSize)
{
    /// <summary>Output positions of every phase; null when they depend on the run, or on the phase.</summary>
    public int? Count => OutputSize % OutputStride == 0 ? OutputSize / OutputStride : null;

    /// <summary>Lowest input offset that any phase reads, at most 0.</summary>
    public int First { get; } = Math.Min(0, Offsets(Phases).DefaultIfEmpty().Min());

    /// <summary>Highest input offset that any phase reads, at least 0.</summary>
    public int Last { get; } = Math.Max(0, Offsets(Phases).DefaultIfEmpty().Max());

    /// <summary>
    /// The residues modulo <see cref="InputStride"/> of the offsets that taps read, ascending. The pixels that a tap reads for
    /// neighbouring output positions are neighbours among those of its residue.
    /// </summary>
    public EquatableArray<int> Residues { get; } = new([.. Offsets(Phases).Select(offset => offset - Quotient(offset, InputStride) * InputStride).Distinct().OrderBy(residue => residue)]);

    /// <summary>Where an offset lies among the positions of its residue: its quotient by <see cref="InputStride"/>, rounded down.</summary>
    public int PlaceOf(int offset) => Quotient(offset, InputStride);

    /// <summary>Index of an offset's residue in <see cref="Residues"/>.</summary>
    public int ResidueOf(int offset) => Array.IndexOf([.. Residues], offset - PlaceOf(offset) * InputStride);

    /// <summary>The geometry of one axis.</summary>
    /// <param name="isTransposed">Whether it is a transposed convolution's.</param>
    /// <param name="axis">Its numbers, within <see cref="Limits"/>.</param>
    public static AxisGeometry Of(bool isTransposed, AxisSpec axis)
    {
        int? outputSize = axis.InputSize > 0 ? checked((int)axis.OutputSize(isTransposed, axis.InputSize)) : null;
        if (!isTransposed)
        {
            AxisTap[] taps = [.. Enumerable.Range(0, axis.Kernel).Select(k => new AxisTap(k * axis.Dilation - axis.Padding, k))];
            return new AxisGeometry(axis.Stride, 1, new([new AxisPhase(0, new(taps))]), outputSize);
        }

        // From the last tap to the first, so that offsets ascend.
        var reaching = new List<AxisTap>?[axis.Stride];
        for (int k = axis.Kernel - 1; k >= 0; k--)
        {
            int distance = axis.Padding - k * axis.Dilation;
            int offset = Quotient(distance + axis.Stride - 1, axis.Stride);
            (reaching[offset * axis.Stride - distance] ??= []).Add(new AxisTap(offset, k));
        }

        return new AxisGeometry(1, axis.Stride, new([.. reaching.Select((taps, phase) => new AxisPhase(phase, taps is null ? default : new([.. taps])))]), outputSize);
    }

    /// <summary>The lowest and highest input position that output positions read, whether inside the input or not; 0 is among them.</summary>
    public (long Low, long High) Reach(long outputSize)
    {
        long low = 0;
        long high = 0;
        for (int i = 0; i < Phases.Count; i++)
        {
            AxisPhase phase = Phases[i];
            long count = (outputSize - phase.Index + OutputStride - 1) / OutputStride;
            if (count > 0 && phase.Taps.Count > 0)
            {
                low = Math.Min(low, phase.First);
                high = Math.Max(high, (count - 1) * InputStride + phase.Last);
            }
        }

        return (low, high);
    }

    /// <summary>Neighbouring input positions that one output position of every phase reads, from the first to the last.</summary>
    public int Span { get; } = Offsets(Phases).Max() - Offsets(Phases).Min() + 1;

    /// <summary>Output positions of a phase; null when they depend on the run.</summary>
    public int? CountOf(int phase) => OutputSize is int size ? CountOf(phase, size) : null;

    /// <summary>Output positions of a phase, of so many in all.</summary>
    public int CountOf(int phase, int outputSize) => Math.Max(0, (outputSize - phase + OutputStride - 1) / OutputStride);

    private static int Quotient(int offset, int stride) => (offset - (offset < 0 ? stride - 1 : 0)) / stride;

    private static IEnumerable<int> Offsets(EquatableArray<AxisPhase> phases) => phases.SelectMany(phase => phase.Taps).Select(tap => tap.Offset);
}
