using System;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>A layer as ordinary correlations: the phases of both axes. A phase of the layer is a pair of them.</summary>
internal sealed record LayerGeometry(AxisGeometry Vertical, AxisGeometry Horizontal)
{
    /// <summary>The geometry of a layer.</summary>
    public static LayerGeometry Of(LayerSpec spec)
    {
        (AxisSpec vertical, AxisSpec horizontal) = (spec.Vertical, spec.Horizontal);
        if (PointRows.Are(vertical, horizontal))
        {
            // As the run takes rows together.
            bool isKnown = vertical.InputSize > 0 && horizontal.InputSize > 0;
            int together = isKnown ? PointRows.Together(vertical.InputSize, horizontal.InputSize) : 0;
            vertical = vertical with { InputSize = isKnown ? vertical.InputSize / together : 0 };
            horizontal = horizontal with { InputSize = horizontal.InputSize * together };
        }

        return new(AxisGeometry.Of(spec.IsTransposed, vertical), AxisGeometry.Of(spec.IsTransposed, horizontal));
    }

    /// <summary>Why no generated kernel can address what an output row reads; nothing where one can.</summary>
    public string? Refusal(LayerSpec spec)
    {
        long rows = (long)Vertical.Last - Vertical.First + 1;
        if (rows > Limits.StagedRows)
        {
            return "an output row reads more input rows than a table holds";
        }

        // Up to 8 bytes a code: 4 neighbouring pixels, or whole units of channels, as words. Offsets stand in the code as int32.
        long columns = Math.Max(spec.Horizontal.InputSize, 1L) + Horizontal.Last - Horizontal.First + TileColumns * Horizontal.InputStride;
        long bytes = columns * (spec.InChannels + 3) * 8;
        return bytes > int.MaxValue ? "offsets in an input row are beyond int32"
            : bytes * rows > 1L << 32 ? "what an output row reads is more than a kernel should stage"
            : null;
    }

    // Pixels that the widest tile looks at.
    private const long TileColumns = 64;
}
