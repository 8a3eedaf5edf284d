using System;

namespace Kernels.Onnx.Tests;

/// <summary>Random inputs.</summary>
internal static class Numbers
{
    /// <summary>Normally distributed numbers.</summary>
    public static float[] Normal(Random random, int count, double deviation = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
