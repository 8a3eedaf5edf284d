using System;

namespace Kernels.Layers;

/// <summary>Weight and bias of a layer that normalizes by the statistics of its input, one a channel.</summary>
public sealed class NormalizationParameters
{
    private readonly float[] _weight;
    private readonly float[] _bias;

    /// <summary>Copies the parameters.</summary>
    /// <param name="channels">The number of channels, at least 1.</param>
    /// <param name="weight">Finite factors, one a channel; empty for 1, as with <c>affine=False</c>.</param>
    /// <param name="bias">Finite summands, one a channel; empty for 0.</param>
    /// <param name="epsilon">Added to the variance, at least 0; PyTorch's default is 1e-5.</param>
    /// <exception cref="ArgumentException">A count is not that of the channels, or a number is out of range.</exception>
    public NormalizationParameters(int channels, ReadOnlySpan<float> weight = default, ReadOnlySpan<float> bias = default, float epsilon = 1e-5f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if ((!weight.IsEmpty && weight.Length != channels) || (!bias.IsEmpty && bias.Length != channels) || !(epsilon >= 0) || !float.IsFinite(epsilon))
        {
            throw new ArgumentException(
                $"Weight and bias, where given, need one number for each of {channels} channels and epsilon must not be negative, but they have {weight.Length} and {bias.Length}, and it is {epsilon}.",
                nameof(weight));
        }

        _weight = new float[channels];
        _weight.AsSpan().Fill(1f);
        _bias = bias.IsEmpty ? new float[channels] : ChannelConstants.Copy(bias, nameof(bias));
        _weight = weight.IsEmpty ? _weight : ChannelConstants.Copy(weight, nameof(weight));
        Epsilon = epsilon;
    }

    /// <summary>The number of channels.</summary>
    public int Channels => _weight.Length;

    /// <summary>Factors, one a channel.</summary>
    public ReadOnlySpan<float> Weight => _weight;

    /// <summary>Summands, one a channel.</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>Throws unless an input has these channels.</summary>
    internal Shape4 Checked(Shape4 input)
    {
        input.Checked(nameof(input));
        return input.C == Channels
            ? input
            : throw new ArgumentException($"The layer has {Channels} channels, but the input is {input}.", nameof(input));
    }
}
