using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>An input pixel that a depthwise dot step reads.</summary>
/// <param name="Row">Its row, counted from the panel's first.</param>
/// <param name="Column">Its column relative to the output position.</param>
internal readonly record struct DepthwiseSource(int Row, int Column);

/// <summary>
/// A dot step of a depthwise kernel: 4 taps of each channel. vpmaddubsw adds the products of the first two and of the last two in 16
/// bits, so taps that are likely to be large stand apart: rows of a column go alternately to the first and to the second pair.
/// </summary>
/// <param name="Sources">The 4 input pixels. Where there are fewer taps, one is named twice: packing may split its weight, or it is 0.</param>
/// <param name="Taps">For each the kernel position ky * KernelWidth + kx, or -1 for a pixel that is named again.</param>
internal sealed record DepthwiseQuad(EquatableArray<DepthwiseSource> Sources, EquatableArray<int> Taps)
{
    private const int Size = 4;

    /// <summary>The dot steps that cover the taps of a phase: columns of 3 or 4 rows, then what is left in pairs of rows or in one.</summary>
    public static IEnumerable<DepthwiseQuad> Cover(LayerSpec spec, AxisPhase vertical, AxisPhase horizontal)
    {
        int first = 0;
        while (first < vertical.Taps.Count)
        {
            int left = vertical.Taps.Count - first;
            int rows = left >= 3 ? System.Math.Min(Size, left) : left;
            int columns = Size / rows;
            for (int column = 0; column < horizontal.Taps.Count; column += columns)
            {
                yield return Of(
                [
                    .. from row in vertical.Taps.Skip(first).Take(rows)
                       from tap in horizontal.Taps.Skip(column).Take(columns)
                       select (new DepthwiseSource(row.Offset - vertical.First, tap.Offset), row.Kernel * spec.Horizontal.Kernel + tap.Kernel),
                ]);
            }

            first += rows;
        }
    }

    /// <summary>The same for an output position so many columns to the right.</summary>
    public EquatableArray<DepthwiseSource> At(int columns) => new([.. Sources.Select(source => source with { Column = source.Column + columns })]);

    // Slots 0, 2, 1, 3 in turn.
    private static DepthwiseQuad Of((DepthwiseSource Source, int Tap)[] taps)
    {
        int[] slots = taps.Length switch
        {
            1 => [0, ~0, ~0, ~0],
            2 => [0, ~0, 1, ~1],
            3 => [0, 2, 1, ~2],
            _ => [0, 2, 1, 3],
        };
        return new DepthwiseQuad(
            new([.. slots.Select(slot => taps[slot < 0 ? ~slot : slot].Source)]),
            new([.. slots.Select(slot => slot < 0 ? -1 : taps[slot].Tap)]));
    }
}
