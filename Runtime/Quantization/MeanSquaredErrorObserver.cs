using System;
using System.Collections.Generic;

namespace Kernels.Quantization;

/// <summary>
/// Chooses the range whose codes give the least mean squared error over everything observed: values inside it are rounded,
/// values outside it clipped. The bounds are searched one after the other in 64ths of the observed range, then in 1024ths.
/// PyTorch has no such observer (its histogram's search only estimates the error, and stops at the first rise). NaN is an
/// error; infinities are skipped.
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
/// <param name="bins">Number of bins, 2 to 1048576.</param>
public sealed class MeanSquaredErrorObserver(ObserverSettings? settings = null, int bins = DistributionObserver.DefaultBins)
    : DistributionObserver(bins, HistogramRevision.PyTorch2, settings)
{
    private const int CoarseSteps = 64;
    private const int FineSteps = 1024;
    private const int Rounds = 3;

    private protected override ValueRange Choose(ReadOnlySpan<float> counts, ValueRange range)
    {
        double width = ((double)range.Max - range.Min) / counts.Length;
        var centres = new List<(double Value, double Count)>();
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                // Zeros are exact whatever the scale, and many layers have lots of them: their bin counts as 0.
                double low = range.Min + i * width;
                centres.Add((low <= 0 && low + width > 0 ? 0 : low + width / 2, counts[i]));
            }
        }

        float min = MathF.Min(range.Min, 0);
        float max = MathF.Max(range.Max, 0);
        if (Settings.Qscheme == QuantizationScheme.Symmetric)
        {
            float bound = MathF.Max(-min, max);
            bound = Best(bound, candidate => Error(centres, width, -candidate, candidate));
            return new ValueRange(-bound, bound);
        }

        // Each bound's best place depends on the other's, so a few rounds.
        (float fullMin, float fullMax) = (min, max);
        for (int round = 0; round < Rounds; round++)
        {
            (float lastMin, float lastMax) = (min, max);
            max = fullMax > 0 ? Best(fullMax, candidate => Error(centres, width, lastMin, candidate)) : 0;
            min = fullMin < 0 ? -Best(-fullMin, candidate => Error(centres, width, -candidate, max)) : 0;
            if (min == lastMin && max == lastMax)
            {
                break;
            }
        }

        return new ValueRange(min, max);
    }

    private static float Best(float full, Func<float, double> error)
    {
        int best = Least(FineSteps / CoarseSteps, FineSteps, FineSteps / CoarseSteps);
        best = Least(Math.Max(best - FineSteps / CoarseSteps, 1), Math.Min(best + FineSteps / CoarseSteps, FineSteps), 1);
        return full * ((float)best / FineSteps);

        int Least(int from, int to, int step)
        {
            int least = to;
            double leastError = double.PositiveInfinity;
            // From the widest down: of equal ones the widest wins.
            for (int candidate = to; candidate >= from; candidate -= step)
            {
                double e = error(full * ((float)candidate / FineSteps));
                if (e < leastError)
                {
                    (least, leastError) = (candidate, e);
                }
            }

            return least;
        }
    }

    private double Error(List<(double Value, double Count)> centres, double width, float min, float max)
    {
        QuantizationParameters parameters = Settings.Calculate(min, max);
        double scale = parameters.Scale;
        double low = (Settings.Lowest - parameters.ZeroPoint) * scale;
        double high = (Settings.Highest - parameters.ZeroPoint) * scale;
        // Where bins are wider than steps, the place of a value within its step is unknown: its error is evenly spread.
        bool spread = width > scale;
        double error = 0;
        foreach ((double value, double count) in centres)
        {
            double difference = value < low ? low - value : value > high ? value - high : Math.Round(value / scale) * scale - value;
            double square = spread && value >= low && value <= high && value != 0 ? scale * scale / 12 : difference * difference;
            error += count * square;
        }

        return error;
    }
}
