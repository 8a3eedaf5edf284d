using System;

namespace Kernels.Tests.Training;

/// <summary>Batch norm in double precision, with the statistics of the batch or given ones.</summary>
internal static class DoubleBatchNorm
{
    public static double[] WithBatch(double[] x, double[] weight, double[] bias, double epsilon)
    {
        int channels = weight.Length;
        int count = x.Length / channels;
        var mean = new double[channels];
        var variance = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            mean[i % channels] += x[i] / count;
        }

        for (int i = 0; i < x.Length; i++)
        {
            variance[i % channels] += Math.Pow(x[i] - mean[i % channels], 2) / count;
        }

        return With(x, mean, variance, weight, bias, epsilon);
    }

    public static double[] With(double[] x, double[] mean, double[] variance, double[] weight, double[] bias, double epsilon)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % weight.Length;
            y[i] = (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) * weight[c] + bias[c];
        }

        return y;
    }

    public static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), static v => (double)v);
}
