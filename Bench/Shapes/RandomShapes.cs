using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Bench.Shapes;

/// <summary>Layers drawn at random: sizes spread evenly over their logarithms, as networks have them.</summary>
/// <param name="seed">Which ones.</param>
internal sealed class RandomShapes(int seed)
{
    // Long enough to be measured, short enough to measure many.
    private const double FewestMacs = 2e5;
    private const double MostMacs = 1e8;

    private readonly Random _random = new(seed);

    /// <summary>Draws layers, all different.</summary>
    /// <param name="count">How many.</param>
    public ShapeRow[] Draw(int count)
    {
        var specs = new HashSet<ConvolutionSpec>();
        var rows = new List<ShapeRow>();
        while (rows.Count < count)
        {
            ShapeRow row = Next();
            bool fits = row.Spec.OutputHeight(row.Height) > 0 && row.Spec.OutputWidth(row.Width) > 0;
            if (fits && row.Macs is >= FewestMacs and <= MostMacs && specs.Add(row.Spec))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private ShapeRow Next()
    {
        bool isTransposed = _random.Next(2) == 0;
        int kernel = Pick(1, 1, 2, 3, 3, 3, 4, 5, 7);
        int stride = isTransposed ? Pick(1, 2, 2, 3, 4) : Pick(1, 1, 1, 2, 2, 3);
        var spec = new ConvolutionSpec
        {
            Kind = isTransposed ? ConvolutionKind.ConvTranspose2d : ConvolutionKind.Conv2d,
            InChannels = Between(1, 256),
            OutChannels = Between(1, 256),
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = _random.Next(kernel / 2 + 1),
            PaddingWidth = kernel / 2,
        };
        int size = Between(7, 128);
        return new ShapeRow(Name(spec), spec, size, size, null);
    }

    private static string Name(ConvolutionSpec spec) => FormattableString.Invariant(
        $"{(spec.Kind == ConvolutionKind.ConvTranspose2d ? "up " : "")}{spec.InChannels}-{spec.OutChannels} k{spec.KernelHeight} s{spec.StrideHeight}");

    private int Pick(params int[] values) => values[_random.Next(values.Length)];

    private int Between(int least, int most) => (int)Math.Round(least * Math.Pow((double)most / least, _random.NextDouble()));
}
