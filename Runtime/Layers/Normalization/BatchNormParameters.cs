using System;

namespace Kernels.Layers;

/// <summary>What a trained batch norm knows of each channel: <c>y = (x - mean) / sqrt(variance + epsilon) * weight + bias</c>.</summary>
public sealed class BatchNormParameters
{
    private readonly float[] _weight;
    private readonly float[] _bias;
    private readonly float[] _mean;
    private readonly float[] _variance;

    /// <summary>Copies the parameters.</summary>
    /// <param name="mean">PyTorch's running_mean, one a channel.</param>
    /// <param name="variance">PyTorch's running_var, one a channel, at least 0.</param>
    /// <param name="weight">Scale of each channel; empty for 1, as with <c>affine=False</c>.</param>
    /// <param name="bias">Offset of each channel; empty for 0.</param>
    /// <param name="epsilon">Added to the variance; PyTorch's default is 1e-5.</param>
    /// <exception cref="ArgumentException">The counts differ, there is no channel, a number is not finite, or a variance plus epsilon is not positive.</exception>
    public BatchNormParameters(
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        ReadOnlySpan<float> weight = default,
        ReadOnlySpan<float> bias = default,
        float epsilon = 1e-5f)
    {
        int channels = mean.Length;
        if (channels == 0 || variance.Length != channels || (!weight.IsEmpty && weight.Length != channels) || (!bias.IsEmpty && bias.Length != channels))
        {
            throw new ArgumentException(
                $"Mean and variance, and weight and bias where given, need one value a channel, but have {channels}, {variance.Length}, {weight.Length} and {bias.Length}.",
                nameof(mean));
        }

        _mean = mean.ToArray();
        _variance = variance.ToArray();
        _bias = bias.IsEmpty ? new float[channels] : bias.ToArray();
        _weight = weight.ToArray();
        if (weight.IsEmpty)
        {
            _weight = new float[channels];
            _weight.AsSpan().Fill(1f);
        }

        Epsilon = epsilon;
        if (!float.IsFinite(epsilon) || !IsFinite(_mean) || !IsFinite(_variance) || !IsFinite(_weight) || !IsFinite(_bias))
        {
            throw new ArgumentException("A mean, variance, weight, bias or epsilon is NaN or infinite; all must be finite.", nameof(mean));
        }

        foreach (float value in _variance)
        {
            if (!(value + epsilon > 0))
            {
                throw new ArgumentException($"Variance plus epsilon must be positive, but a channel has {value} + {epsilon}.", nameof(variance));
            }
        }
    }

    /// <summary>The number of channels.</summary>
    public int Channels => _mean.Length;

    /// <summary>Scale of each channel.</summary>
    public ReadOnlySpan<float> Weight => _weight;

    /// <summary>Offset of each channel.</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Running mean of each channel.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Running variance of each channel.</summary>
    public ReadOnlySpan<float> Variance => _variance;

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>One over the standard deviation of a channel, in float32.</summary>
    internal float InverseDeviation(int channel) => 1f / MathF.Sqrt(_variance[channel] + Epsilon);

    private static bool IsFinite(float[] values) => Array.TrueForAll(values, float.IsFinite);

    /// <summary>Throws unless an input has these channels.</summary>
    internal Shape4 Checked(Shape4 input)
    {
        input.Checked(nameof(input));
        return input.C == Channels
            ? input
            : throw new ArgumentException($"The batch norm has {Channels} channels, but the input is {input}.", nameof(input));
    }
}
