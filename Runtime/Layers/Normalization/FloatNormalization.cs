using System;

namespace Kernels.Layers;

/// <summary>
/// Base of the layers that normalize sets of elements to mean 0 and variance 1: <c>(x - mean) / sqrt(variance + epsilon) * weight + bias</c>. A set
/// is a block of neighbouring channels in a run of neighbouring pixels. Statistics are in double precision.
/// </summary>
public abstract class FloatNormalization : FloatLayer
{
    private protected FloatNormalization(NormalizationParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
    }

    /// <summary>Weight, bias and epsilon.</summary>
    public NormalizationParameters Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Parameters.Checked(input);

    /// <summary>Pixels and channels of a set.</summary>
    private protected abstract (int Pixels, int Channels) SetOf(Shape4 shape);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        (int pixels, int channels) = SetOf(from);
        for (int start = 0; start < input.Length; start += pixels * from.C)
        {
            for (int channel = 0; channel < from.C; channel += channels)
            {
                var set = new Set(start + channel, pixels, channels, from.C);
                (double mean, double inverse) = Statistics(input, set);
                ReadOnlySpan<float> weight = Parameters.Weight.Slice(channel, channels);
                ReadOnlySpan<float> bias = Parameters.Bias.Slice(channel, channels);
                for (int i = 0; i < set.Pixels; i++)
                {
                    ReadOnlySpan<float> x = input.Slice(set.At(i), channels);
                    Span<float> y = output.Slice(set.At(i), channels);
                    for (int c = 0; c < channels; c++)
                    {
                        y[c] = (float)((x[c] - mean) * inverse * weight[c] + bias[c]);
                    }
                }
            }
        }
    }

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        (int pixels, int channels) = SetOf(from);
        for (int start = 0; start < input.Length; start += pixels * from.C)
        {
            for (int channel = 0; channel < from.C; channel += channels)
            {
                var set = new Set(start + channel, pixels, channels, from.C);
                Backward(input, outputGradient, inputGradient, set, Parameters.Weight.Slice(channel, channels));
            }
        }
    }

    /// <summary><c>(g - mean(g) - n * mean(g * n)) / deviation</c>, with the gradient g by the normal values n.</summary>
    private void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, Set set, ReadOnlySpan<float> weight)
    {
        (double mean, double inverse) = Statistics(input, set);
        double sum = 0;
        double product = 0;
        for (int i = 0; i < set.Pixels; i++)
        {
            for (int c = 0; c < set.Channels; c++)
            {
                double gradient = (double)outputGradient[set.At(i) + c] * weight[c];
                sum += gradient;
                product += gradient * (input[set.At(i) + c] - mean) * inverse;
            }
        }

        sum /= set.Count;
        product /= set.Count;
        for (int i = 0; i < set.Pixels; i++)
        {
            for (int c = 0; c < set.Channels; c++)
            {
                int at = set.At(i) + c;
                double normal = (input[at] - mean) * inverse;
                inputGradient[at] = (float)(((double)outputGradient[at] * weight[c] - sum - normal * product) * inverse);
            }
        }
    }

    private (double Mean, double InverseDeviation) Statistics(ReadOnlySpan<float> values, Set set)
    {
        double sum = 0;
        for (int i = 0; i < set.Pixels; i++)
        {
            foreach (float value in values.Slice(set.At(i), set.Channels))
            {
                sum += value;
            }
        }

        double mean = sum / set.Count;
        double squares = 0;
        for (int i = 0; i < set.Pixels; i++)
        {
            foreach (float value in values.Slice(set.At(i), set.Channels))
            {
                squares += (value - mean) * (value - mean);
            }
        }

        return (mean, 1 / Math.Sqrt(squares / set.Count + Parameters.Epsilon));
    }

    private readonly record struct Set(int Start, int Pixels, int Channels, int Stride)
    {
        public double Count => (double)Pixels * Channels;

        public int At(int pixel) => Start + pixel * Stride;
    }
}
