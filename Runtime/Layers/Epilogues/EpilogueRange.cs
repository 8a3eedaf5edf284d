using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The values that a channel can have behind its epilogue, and whether one on the way there could leave float32.</summary>
internal readonly record struct EpilogueRange
{
    // Less than the largest float32 by more than all roundings on the way make.
    private const double Largest = 3.3e38;

    private readonly double _low;
    private readonly double _high;

    private EpilogueRange(double low, double high, bool isFinite)
    {
        _low = low;
        _high = high;
        IsFinite = isFinite && Math.Abs(low) <= Largest && Math.Abs(high) <= Largest;
    }

    /// <summary>Whether no value, between operations or behind the last, can leave float32: then none is infinite or not a number.</summary>
    public bool IsFinite { get; }

    /// <summary>Largest value behind the epilogue, without sign, in output steps.</summary>
    public double Steps => Math.Max(Math.Abs(_low), Math.Abs(_high));

    /// <summary>Follows a channel through the epilogue of a layer.</summary>
    /// <param name="requantizer">The layer's constants, with an epilogue.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="accumulator">Largest sum without sign.</param>
    public static EpilogueRange Of(Requantizer requantizer, int channel, double accumulator)
    {
        EpilogueParameters epilogue = requantizer.Epilogue!;
        double most = (accumulator + Math.Abs((double)requantizer.Bias[channel])) * requantizer.Multiplier[channel];
        var range = new EpilogueRange(-most, most, isFinite: true);
        foreach (EpilogueStep step in epilogue.Steps)
        {
            range = range.Behind(step, channel, epilogue.Second ?? default);
        }

        return range.Affine(requantizer.InverseScale[channel], 0);
    }

    private EpilogueRange Behind(EpilogueStep step, int channel, QuantizationParameters second) => step.Function switch
    {
        EpilogueFunction.Relu => Clip(0, double.PositiveInfinity),
        EpilogueFunction.Relu6 => Clip(0, 6),
        EpilogueFunction.LeakyRelu => LeakyRelu(step.NegativeSlope),
        EpilogueFunction.HardSwish => HardSwish(),
        EpilogueFunction.HardSigmoid => new EpilogueRange(0, 1, IsFinite),
        EpilogueFunction.Clip => Clip(step.Lower, step.Upper),
        EpilogueFunction.Affine => Affine(step.Scale[0], step.Shift[0]),
        EpilogueFunction.ChannelAffine => Affine(step.Scale[channel], step.Shift[channel]),
        EpilogueFunction.Add => new EpilogueRange(_low - second.ZeroPoint * (double)second.Scale, _high + (byte.MaxValue - second.ZeroPoint) * (double)second.Scale, IsFinite),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Function, "No function of an epilogue."),
    };

    private EpilogueRange Clip(double lower, double upper) =>
        new(Math.Min(Math.Max(_low, lower), upper), Math.Min(Math.Max(_high, lower), upper), IsFinite);

    // Kernels multiply positive values too, and then choose.
    private EpilogueRange LeakyRelu(double slope)
    {
        EpilogueRange product = Affine(slope, 0);
        return new EpilogueRange(Math.Min(product._low, _low), Math.Max(product._high, _high), product.IsFinite);
    }

    // Nowhere below -0.375, and no larger than its input; the product before the division is 6 times as large.
    private EpilogueRange HardSwish() => new(Math.Max(-0.4, Math.Min(_low, 0)), Math.Max(_high, 0), IsFinite && 6 * Math.Max(-_low, _high) <= Largest);

    private EpilogueRange Affine(double scale, double shift)
    {
        double low = Math.Min(_low * scale, _high * scale);
        double high = Math.Max(_low * scale, _high * scale);
        return new EpilogueRange(low + shift, high + shift, IsFinite && Math.Max(-low, high) <= Largest);
    }
}
