using System;
using System.Linq;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Support;

/// <summary>Random networks whose steps are joined where they can be, against their steps one by one.</summary>
internal static class JoinedNetworks
{
    private const int Seeds = 48;

    /// <summary>Fails where a joined network has other codes.</summary>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="build">Makes a network for an input.</param>
    public static void AssertEqualSingleSteps(int channels, int height, int width, Func<Shape4, Random, FloatModel> build)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var shape = new Shape4(random.Next(1, 3), channels, height, width);
            QuantizedModel model = Converted(build(shape, random), shape, random);
            var input = new QuantizedTensor(shape, model.InputQuantization!.Value);
            random.NextBytes(input.Data);

            Assert.True(PlainNetwork.Forward(model, input).Data.SequenceEqual(model.Forward(input).Data), $"seed {seed}");
        }
    }

    private static QuantizedModel Converted(FloatModel network, Shape4 shape, Random random)
    {
        network.Prepare(QConfig.FullRange);
        var batch = new FloatTensor(shape);
        foreach (ref float value in batch.Data)
        {
            value = random.NextSingle() * 4 - 2;
        }

        network.Calibrate(batch);
        return network.Convert();
    }
}
