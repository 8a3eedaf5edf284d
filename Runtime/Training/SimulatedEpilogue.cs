using System;
using System.Numerics;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>
/// What int8 layers do to their accumulators, over whole tensors of float32: the same operations in the same order as
/// <see cref="Requantizer"/>, so a forward pass in training gives the very codes of the converted layer.
/// </summary>
internal static class SimulatedEpilogue
{
    private const int LeastBlock = 512;

    /// <summary>Multiples of the scale nearest to values that are such multiples: what their codes differ from the zero point.</summary>
    public static void Differences(ReadOnlySpan<float> values, float scale, Span<float> differences)
    {
        float inverse = 1f / scale;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Round(new Vector<float>(values[i..]) * inverse).CopyTo(differences[i..]);
        }

        for (; i < values.Length; i++)
        {
            differences[i] = MathF.Round(values[i] * inverse);
        }
    }

    /// <summary>Real values of accumulators before the activation: <c>(accumulator + bias / (sx * sw)) * (sx * sw)</c>.</summary>
    /// <param name="accumulators">Sums in order n, h, w, c.</param>
    /// <param name="bias">The bias in units of the accumulator, one a channel.</param>
    /// <param name="scales">The size of that unit, one a channel.</param>
    /// <param name="values">Receives the values.</param>
    public static void Real(ReadOnlySpan<float> accumulators, ReadOnlySpan<float> bias, ReadOnlySpan<float> scales, Span<float> values)
    {
        float[] biases = Repeated(bias);
        float[] factors = Repeated(scales);
        for (; !accumulators.IsEmpty; values = values[Math.Min(biases.Length, values.Length)..])
        {
            int count = Math.Min(biases.Length, accumulators.Length);
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                ((new Vector<float>(accumulators[i..]) + new Vector<float>(biases, i)) * new Vector<float>(factors, i)).CopyTo(values[i..]);
            }

            for (; i < count; i++)
            {
                values[i] = (accumulators[i] + biases[i]) * factors[i];
            }

            accumulators = accumulators[count..];
        }
    }

    /// <summary>Real values of the output codes that a <see cref="Requantizer"/> gives.</summary>
    /// <param name="accumulators">Sums in order n, h, w, c: whole numbers below 2^24, where float32 is exact.</param>
    /// <param name="requantizer">The layer's constants.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="lowest">The lowest output code.</param>
    /// <param name="highest">The highest output code.</param>
    /// <param name="values">Receives the values.</param>
    public static void Requantize(ReadOnlySpan<float> accumulators, Requantizer requantizer, QuantizationParameters output, int lowest, int highest, Span<float> values)
    {
        float[] biases = Repeated(requantizer.Bias);
        float[] multipliers = Repeated(requantizer.Multiplier);
        float lower = MathF.Max(requantizer.Lower, lowest - output.ZeroPoint);
        float upper = MathF.Min(requantizer.Upper, highest - output.ZeroPoint);
        float slope = requantizer.NegativeSlope;
        for (; !accumulators.IsEmpty; values = values[Math.Min(biases.Length, values.Length)..])
        {
            int count = Math.Min(biases.Length, accumulators.Length);
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> value = (new Vector<float>(accumulators[i..]) + new Vector<float>(biases, i)) * new Vector<float>(multipliers, i);
                value = Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), value * slope, value);
                value = Vector.Round(Vector.Min(Vector.Max(value, new Vector<float>(lower)), new Vector<float>(upper)));

                // Adding 0 turns -0 into the +0 that codes give.
                ((value + Vector<float>.Zero) * output.Scale).CopyTo(values[i..]);
            }

            for (; i < count; i++)
            {
                float value = (accumulators[i] + biases[i]) * multipliers[i];
                value = value < 0 ? value * slope : value;
                value = MathF.Round(MathF.Min(MathF.Max(value, lower), upper));
                values[i] = (value + 0f) * output.Scale;
            }

            accumulators = accumulators[count..];
        }
    }

    /// <summary>Constants of channels, repeated to a block that vectors like.</summary>
    private static float[] Repeated(ReadOnlySpan<float> channels)
    {
        var block = new float[(LeastBlock + channels.Length - 1) / channels.Length * channels.Length];
        for (int i = 0; i < block.Length; i += channels.Length)
        {
            channels.CopyTo(block.AsSpan(i));
        }

        return block;
    }
}
