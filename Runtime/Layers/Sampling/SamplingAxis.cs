using System;

namespace Kernels.Layers;

/// <summary>Where the pixels of an output axis lie on the input's, in float32 as in PyTorch.</summary>
internal readonly struct SamplingAxis
{
    private readonly PixelCoordinates _coordinates;
    private readonly NearestRounding _rounding;
    private readonly float _step;
    private readonly float _offset;
    private readonly int _from;

    /// <summary>An axis of a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="from">Input pixels.</param>
    /// <param name="to">Output pixels.</param>
    /// <param name="scale">The factor, or 0 where the size is fixed.</param>
    public SamplingAxis(UpsampleSpec spec, int from, int to, double scale)
    {
        _coordinates = spec.Coordinates;
        _rounding = spec.Rounding;
        _from = from;
        _step = _coordinates == PixelCoordinates.AlignCorners ? (to > 1 ? (float)(from - 1) / (to - 1) : 0f)
            : _coordinates == PixelCoordinates.HalfPixelOrZero && to == 1 ? 0f
            : scale > 0 ? (float)(1.0 / scale) : (float)from / to;

        // Half of what the rounded size leaves out.
        _offset = _coordinates == PixelCoordinates.HalfPixelSymmetric && scale > 0 ? (float)(from / 2.0 * (1 - to / (scale * from))) : 0f;
    }

    private bool IsHalf => _coordinates is PixelCoordinates.HalfPixel or PixelCoordinates.HalfPixelOrZero or PixelCoordinates.HalfPixelSymmetric;

    /// <summary>The pixel that is copied.</summary>
    public int Nearest(int target)
    {
        float source = Source(target);
        float rounded = _rounding switch
        {
            NearestRounding.Floor => MathF.Floor(source),
            NearestRounding.Ceil => MathF.Ceiling(source),
            NearestRounding.RoundPreferFloor => MathF.Ceiling(source - 0.5f),

            // Half off and half on again: left out, as in PyTorch's nearest-exact.
            _ => IsHalf && _step > 0 && _offset == 0 ? MathF.Floor((target + 0.5f) * _step) : MathF.Floor(source + 0.5f),
        };
        return (int)Math.Clamp(rounded, 0f, _from - 1);
    }

    /// <summary>The two pixels that are blended, and the second one's share.</summary>
    public (int First, int Second, float Share) Between(int target)
    {
        float source = MathF.Max(Source(target), 0f);
        int first = Math.Min((int)source, _from - 1);
        return (first, Math.Min(first + 1, _from - 1), source - first);
    }

    private float Source(int target) => IsHalf && _step > 0 ? _offset + _step * (target + 0.5f) - 0.5f : _step * target;
}
