using System;

namespace Kernels.Tests.Training;

/// <summary>Random data for training tests.</summary>
internal static class TrainingData
{
    /// <summary>Values of -1 to 1.</summary>
    public static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }

        return values;
    }

    /// <summary>A tensor of values of -1 to 1.</summary>
    public static FloatTensor Tensor(Random random, Shape4 shape) => new(shape, Floats(random, shape.Count));
}
