using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>A tap along one axis: kernel position and the input offset it reads, relative to the phase's base.</summary>
internal readonly record struct AxisTap(int Offset, int Kernel);

/// <summary>
/// One residue of the output positions along one axis, and the taps that reach it, by ascending input offset.
/// The offsets are evenly spaced.
/// </summary>
internal sealed record AxisPhase(int Index, EquatableArray<AxisTap> Taps)
{
    /// <summary>Offset of the first tap, 0 when there is none.</summary>
    public int First => Taps.Count == 0 ? 0 : Taps[0].Offset;

    /// <summary>Distance between neighbouring offsets, 1 when there are fewer than two taps.</summary>
    public int Step => Taps.Count < 2 ? 1 : Taps[1].Offset - Taps[0].Offset;
}

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
    public static AxisGeometry Of(LayerKind kind, AxisSpec axis)
    {
        int? outputSize = axis.InputSize > 0 ? (int)axis.OutputSize(kind, axis.InputSize) : null;
        IEnumerable<int> kernel = Enumerable.Range(0, axis.Kernel);
        if (kind == LayerKind.Conv2d)
        {
            AxisTap[] taps = [.. kernel.Select(k => new AxisTap(k * axis.Dilation - axis.Padding, k))];
            return new AxisGeometry(axis.Stride, 1, new([new AxisPhase(0, new(taps))]), outputSize);
        }

        IEnumerable<AxisPhase> phases = Enumerable.Range(0, axis.Stride).Select(phase => new AxisPhase(phase, new(
        [
            .. kernel
                .Where(k => (phase + axis.Padding - k * axis.Dilation) % axis.Stride == 0)
                .Select(k => new AxisTap((phase + axis.Padding - k * axis.Dilation) / axis.Stride, k))
                .OrderBy(tap => tap.Offset),
        ])));
        return new AxisGeometry(1, axis.Stride, new([.. phases]), outputSize);
    }

    /// <summary>Output positions of a phase; null when they depend on the run.</summary>
    public int? CountOf(int phase) => (OutputSize - phase + OutputStride - 1) / OutputStride;

    private static int Quotient(int offset, int stride) => (offset - (offset < 0 ? stride - 1 : 0)) / stride;

    private static IEnumerable<int> Offsets(EquatableArray<AxisPhase> phases) => phases.SelectMany(phase => phase.Taps).Select(tap => tap.Offset);
}
