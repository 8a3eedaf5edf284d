using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>_non_linear_param_search</c>: cuts quantiles of 1e-5 from either end of a histogram, whichever moves the end
/// farther, as long as the estimated squared error of 256 steps over the remaining range does not grow.
/// </summary>
internal static class HistogramRangeSearch
{
    private const double StepSize = 1e-5;
    private const int Steps = 256;

    /// <summary>The part of a histogram's range that is worth quantizing.</summary>
    public static ValueRange Search(ReadOnlySpan<float> counts, ValueRange range)
    {
        int bins = counts.Length;
        var cumulative = new float[bins];
        double sum = 0;
        for (int i = 0; i < bins; i++)
        {
            sum += counts[i];
            cumulative[i] = (float)sum;
        }

        double total = (float)sum;
        double alpha = 0;
        double beta = 1;
        int start = 0;
        int end = bins - 1;
        double least = double.PositiveInfinity;
        while (alpha < beta)
        {
            double nextAlpha = alpha + StepSize;
            double nextBeta = beta - StepSize;
            int left = start;
            int right = end;
            while (left < end && cumulative[left] < (float)(nextAlpha * total))
            {
                left++;
            }

            while (right > start && cumulative[right] > (float)(nextBeta * total))
            {
                right--;
            }

            int nextStart = start;
            int nextEnd = end;
            if (left - start > end - right)
            {
                nextStart = left;
                alpha = nextAlpha;
            }
            else
            {
                nextEnd = right;
                beta = nextBeta;
            }

            if (nextStart == start && nextEnd == end)
            {
                continue;
            }

            double error = Error(counts, range, nextStart, nextEnd);
            if (error > least)
            {
                break;
            }

            (least, start, end) = (error, nextStart, nextEnd);
        }

        float width = (range.Max - range.Min) / bins;
        if (!float.IsFinite(width))
        {
            double wide = ((double)range.Max - range.Min) / bins;
            return new ValueRange((float)(range.Min + wide * start), (float)Math.Min(range.Min + wide * (end + 1), range.Max));
        }

        return new ValueRange(range.Min + width * start, range.Min + width * (end + 1));
    }

    // The values of a bin are taken as spread evenly; what lies outside the range is measured from the centre of the outermost step.
    private static double Error(ReadOnlySpan<float> counts, ValueRange range, int start, int end)
    {
        double width = ((double)range.Max - range.Min) / counts.Length;
        double step = width * (end - start + 1) / Steps;
        if (step == 0)
        {
            return 0;
        }

        double error = 0;
        for (int bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] == 0)
            {
                continue;
            }

            double begin = (bin - start) * width;
            double finish = begin + width;
            double first = Math.Clamp(Math.Floor(begin / step), 0, Steps - 1);
            double last = Math.Clamp(Math.Floor(finish / step), 0, Steps - 1);
            error += counts[bin] / width * (
                SquareIntegral(begin - (first + 0.5) * step, step / 2)
                + (last - first - 1) * SquareIntegral(-step / 2, step / 2)
                + SquareIntegral(-step / 2, finish - (last + 0.5) * step));
        }

        return error;
    }

    private static double SquareIntegral(double from, double to) => (to * to * to - from * from * from) / 3;
}
