using System;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>A function of an epilogue on float32 values: what a fused layer's float twin computes behind its convolution.</summary>
internal static class FloatEpilogue
{
    /// <summary>Applies a function in place.</summary>
    /// <param name="step">The function with its data.</param>
    /// <param name="values">Values in order n, h, w, c.</param>
    /// <param name="second">What <see cref="EpilogueFunction.Add"/> adds, of the same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(EpilogueStep step, Span<float> values, ReadOnlySpan<float> second)
    {
        switch (step.Function)
        {
            case EpilogueFunction.Relu:
                Clamp(values, 0, float.PositiveInfinity);
                break;
            case EpilogueFunction.Relu6:
                Clamp(values, 0, 6);
                break;
            case EpilogueFunction.Clip:
                Clamp(values, step.Lower, step.Upper);
                break;
            case EpilogueFunction.LeakyRelu:
                float slope = step.NegativeSlope;
                foreach (ref float value in values)
                {
                    value = value > 0 ? value : value * slope;
                }

                break;
            case EpilogueFunction.HardSwish:
                foreach (ref float value in values)
                {
                    value = value * Math.Min(Math.Max(value + 3f, 0f), 6f) / 6f;
                }

                break;
            case EpilogueFunction.HardSigmoid:
                foreach (ref float value in values)
                {
                    value = Math.Min(Math.Max(value + 3f, 0f), 6f) / 6f;
                }

                break;
            case EpilogueFunction.Add:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] += second[i];
                }

                break;
            default:
                Affine(values, step.Scale, step.Shift);
                break;
        }
    }

    /// <summary>Divides each channel by its scale.</summary>
    /// <param name="values">Values in order n, h, w, c.</param>
    /// <param name="channelScales">Powers of two, one a channel; nothing happens without.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<float> values, ReadOnlySpan<float> channelScales)
    {
        for (int start = 0; !channelScales.IsEmpty && start < values.Length; start += channelScales.Length)
        {
            Span<float> pixel = values.Slice(start, channelScales.Length);
            for (int c = 0; c < pixel.Length; c++)
            {
                pixel[c] /= channelScales[c];
            }
        }
    }

    private static void Clamp(Span<float> values, float lower, float upper)
    {
        foreach (ref float value in values)
        {
            value = Math.Min(Math.Max(value, lower), upper);
        }
    }

    private static void Affine(Span<float> values, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        for (int start = 0; start < values.Length; start += scale.Length)
        {
            Span<float> pixel = values.Slice(start, scale.Length);
            for (int c = 0; c < pixel.Length; c++)
            {
                // Two roundings, as in the kernels.
                float product = pixel[c] * scale[c];
                pixel[c] = product + shift[c];
            }
        }
    }
}
