using System;

namespace Kernels.Layers;

/// <summary><c>x * scale + shift</c>, with numbers for all channels or for each: what a model multiplies by and adds that is not computed.</summary>
public sealed class AffineParameters
{
    private readonly float[] _scale;
    private readonly float[] _shift;

    /// <summary>Copies the numbers; where one of both has a number for each channel, the other may have one for all.</summary>
    /// <param name="scale">Factors, finite: one, or one a channel.</param>
    /// <param name="shift">Summands, finite: one, or one a channel.</param>
    /// <exception cref="ArgumentException">There is none, one is not finite, or the counts differ and none is 1.</exception>
    public AffineParameters(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        _scale = ChannelConstants.Copy(scale, nameof(scale));
        _shift = ChannelConstants.Copy(shift, nameof(shift));
        if (_scale.Length != _shift.Length && _scale.Length != 1 && _shift.Length != 1)
        {
            throw new ArgumentException($"Factors and summands must be for the same channels, but there are {_scale.Length} and {_shift.Length}.", nameof(shift));
        }

        int channels = Math.Max(_scale.Length, _shift.Length);
        _scale = Spread(_scale, channels);
        _shift = Spread(_shift, channels);
    }

    /// <summary>The number of channels; 1 for all channels alike.</summary>
    public int Channels => _scale.Length;

    /// <summary>Factors, one a channel or one for all.</summary>
    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>Summands, as many as factors.</summary>
    public ReadOnlySpan<float> Shift => _shift;

    private static float[] Spread(float[] values, int channels)
    {
        if (values.Length == channels)
        {
            return values;
        }

        var spread = new float[channels];
        spread.AsSpan().Fill(values[0]);
        return spread;
    }
}
