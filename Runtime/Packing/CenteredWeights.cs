using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>Weights less their zero points, as every packing reads them: -255 to 255, in PyTorch's order.</summary>
internal sealed class CenteredWeights
{
    private readonly short[] _values;
    private readonly ConvolutionSpec _spec;

    /// <summary>Subtracts the zero points.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Its weights.</param>
    public CenteredWeights(ConvolutionSpec spec, QuantizedWeight weight)
    {
        _spec = spec;
        _values = new short[weight.Data.Length];
        FitBytes = true;
        int taps = spec.KernelHeight * spec.KernelWidth;
        for (int output = 0; output < spec.OutChannels; output++)
        {
            int zeroPoint = weight.Quantization[output].ZeroPoint;
            for (int input = 0; input < spec.InChannels / spec.Groups; input++)
            {
                int first = spec.WeightIndex(output, input, 0, 0);
                for (int tap = 0; tap < taps; tap++)
                {
                    int value = weight.Data[first + tap] - zeroPoint;
                    _values[first + tap] = (short)value;
                    FitBytes &= value is >= sbyte.MinValue and <= sbyte.MaxValue;
                }
            }
        }
    }

    /// <summary>Whether every value is a signed byte.</summary>
    public bool FitBytes { get; }

    /// <summary>
    /// Whether no output can leave int32 before it is clamped, whatever the input: then a conversion to int32 and saturating packs
    /// clamp it like the epilogue's formula. Layers with a sane output scale are far inside.
    /// </summary>
    /// <param name="requantizer">The epilogue's constants.</param>
    public bool OutputsFitInt32(Requantizer requantizer)
    {
        double slope = Math.Max(1, Math.Abs(requantizer.NegativeSlope));
        for (int output = 0; output < _spec.OutChannels; output++)
        {
            long magnitude = 0;
            for (int input = 0; input < _spec.InChannels / _spec.Groups; input++)
            {
                foreach (short value in _values.AsSpan(_spec.WeightIndex(output, input, 0, 0), _spec.KernelHeight * _spec.KernelWidth))
                {
                    magnitude += Math.Abs((int)value);
                }
            }

            double accumulator = (double)magnitude * byte.MaxValue;
            double steps = requantizer.Epilogue is null
                ? (accumulator + Math.Abs((double)requantizer.Bias[output])) * requantizer.Multiplier[output] * slope
                : EpilogueRange.Of(requantizer, output, accumulator).Steps;

            // Half of int32: room for rounding and the zero point.
            if (steps > int.MaxValue / 2)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The channels of a group at one tap.</summary>
    /// <param name="output">Output channel, counted across groups.</param>
    /// <param name="tap">Kernel position ky * KernelWidth + kx.</param>
    /// <param name="channels">Receives the group's input channels; what lies behind them is left alone.</param>
    /// <returns>The sum of the weights.</returns>
    public int CopyTo(int output, int tap, Span<short> channels)
    {
        int sum = 0;
        for (int c = 0; c < _spec.InChannels / _spec.Groups; c++)
        {
            channels[c] = _values[_spec.WeightIndex(output, c, 0, 0) + tap];
            sum += channels[c];
        }

        return sum;
    }
}
