using System;
using System.Diagnostics;

namespace Kernels.Samples.Upscale;

/// <summary>Milliseconds for one tile on one thread: medians of rounds in which every network takes its turn.</summary>
internal sealed record Timing(double Float, double Generic, double Generated)
{
    public const int Tile = Tiler.DefaultTile;

    private const int WarmUps = 3;
    private const int Rounds = 11;

    public static Timing Of(Picture picture, Networks networks, IProgress<double>? progress = null)
    {
        int padded = Tile + 2 * networks.Float.Border;
        var input = new byte[padded * padded * Picture.Channels];
        EdgePadding.Read(picture, new Region((picture.Width - Tile) / 2, (picture.Height - Tile) / 2, Tile, Tile).Grow(networks.Float.Border), input);
        var output = new byte[4 * Tile * Tile * Picture.Channels];
        IPixelNetwork[] order = [networks.Float, networks.Generic, networks.Generated];
        var milliseconds = new double[order.Length][];
        for (int i = 0; i < order.Length; i++)
        {
            milliseconds[i] = new double[Rounds];
        }

        using KernelThreadsLimit one = KernelThreads.Limit(1);
        for (int round = -WarmUps; round < Rounds; round++)
        {
            for (int i = 0; i < order.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                order[i].Run(input, Tile, Tile, output);
                milliseconds[i][int.Max(round, 0)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            progress?.Report((round + WarmUps + 1.0) / (WarmUps + Rounds));
        }

        return new Timing(Median(milliseconds[0]), Median(milliseconds[1]), Median(milliseconds[2]));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
