using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>Random functions behind a layer, and what they compute by the definition of <see cref="EpilogueSpec"/>.</summary>
internal static class RandomEpilogue
{
    /// <summary>One to four functions without a further input.</summary>
    public static EpilogueParameters Of(Random random, int channels)
    {
        var steps = new List<EpilogueStep>();
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            steps.Add(random.Next(8) switch
            {
                0 => EpilogueStep.Relu,
                1 => EpilogueStep.Relu6,
                2 => EpilogueStep.LeakyRelu(random.NextSingle()),
                3 => EpilogueStep.HardSwish,
                4 => EpilogueStep.HardSigmoid,
                5 => EpilogueStep.Clip(-random.NextSingle(), random.NextSingle()),
                6 => EpilogueStep.Affine(random.NextSingle() * 4 - 2, random.NextSingle() - 0.5f),
                _ => EpilogueStep.ChannelAffine(Floats(random, channels), Floats(random, channels)),
            });
        }

        return new EpilogueParameters(steps);
    }

    /// <summary>The code of a value in real units.</summary>
    public static int Code(EpilogueParameters epilogue, float value, int channel, QuantizationParameters output)
    {
        foreach (EpilogueStep step in epilogue.Steps)
        {
            value = step.Function switch
            {
                EpilogueFunction.Relu => MathF.Max(value, 0f),
                EpilogueFunction.Relu6 => MathF.Min(MathF.Max(value, 0f), 6f),
                EpilogueFunction.LeakyRelu => value > 0 ? value : value * step.NegativeSlope,
                EpilogueFunction.HardSwish => value * MathF.Min(MathF.Max(value + 3f, 0f), 6f) / 6f,
                EpilogueFunction.HardSigmoid => MathF.Min(MathF.Max(value + 3f, 0f), 6f) / 6f,
                EpilogueFunction.Clip => MathF.Min(MathF.Max(value, step.Lower), step.Upper),
                EpilogueFunction.Affine => Sum(value * step.Scale[0], step.Shift[0]),
                EpilogueFunction.ChannelAffine => Sum(value * step.Scale[channel], step.Shift[channel]),
                _ => throw new InvalidOperationException(),
            };
        }

        return Math.Clamp((int)MathF.Round(Math.Clamp(value * (1f / output.Scale), -1000f, 1000f)) + output.ZeroPoint, 0, 255);
    }

    private static float Sum(float product, float shift) => product + shift;

    private static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }

        return values;
    }
}
