using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Accuracy;

/// <summary>Adds up the errors of one layer's output, by channel and by phase.</summary>
internal sealed class LayerMeter
{
    private readonly int _strideHeight;
    private readonly int _strideWidth;
    private readonly QuantizationParameters? _quantization;
    private readonly ErrorStatistics[] _phases;
    private ErrorStatistics[] _channels = [];
    private long _beyond;
    private long _count;

    public LayerMeter(ConvolutionSpec? spec, QuantizationParameters? quantization)
    {
        bool isTransposed = spec is { Kind: ConvolutionKind.ConvTranspose2d } && spec.StrideHeight * spec.StrideWidth > 1;
        _strideHeight = isTransposed ? spec!.StrideHeight : 1;
        _strideWidth = isTransposed ? spec!.StrideWidth : 1;
        _quantization = quantization;
        _phases = Make(isTransposed ? _strideHeight * _strideWidth : 0);
    }

    public ErrorStatistics[] Channels => _channels;

    public PhaseAccuracy[] Phases
    {
        get
        {
            var phases = new PhaseAccuracy[_phases.Length];
            for (int i = 0; i < phases.Length; i++)
            {
                (int row, int column) = Math.DivRem(i, _strideWidth);
                phases[i] = new PhaseAccuracy(row, column, _phases[i]);
            }

            return phases;
        }
    }

    public double Saturation => _count == 0 ? 0 : (double)_beyond / _count;

    /// <summary>Compares a batch of the float model's values with the converted model's.</summary>
    public void Add(Shape4 shape, ReadOnlySpan<float> references, ReadOnlySpan<float> values)
    {
        if (_channels.Length < shape.C)
        {
            // Channels that depend on the image, as behind a Flatten, may become more.
            ErrorStatistics[] more = Make(shape.C);
            _channels.CopyTo(more, 0);
            _channels = more;
        }

        for (int pixel = 0; pixel < references.Length / shape.C; pixel++)
        {
            ReadOnlySpan<float> reference = references.Slice(pixel * shape.C, shape.C);
            ReadOnlySpan<float> value = values.Slice(pixel * shape.C, shape.C);
            for (int c = 0; c < reference.Length; c++)
            {
                _channels[c].Add(reference[c], value[c]);
            }

            if (_phases.Length > 0)
            {
                (int row, int x) = Math.DivRem(pixel, shape.W);
                _phases[row % shape.H % _strideHeight * _strideWidth + x % _strideWidth].Add(reference, value);
            }
        }

        CountBeyond(references);
    }

    private void CountBeyond(ReadOnlySpan<float> references)
    {
        if (_quantization is { } quantization)
        {
            float low = (byte.MinValue - quantization.ZeroPoint - 0.5f) * quantization.Scale;
            float high = (byte.MaxValue - quantization.ZeroPoint + 0.5f) * quantization.Scale;
            foreach (float reference in references)
            {
                _beyond += reference < low || reference > high ? 1 : 0;
            }

            _count += references.Length;
        }
    }

    private static ErrorStatistics[] Make(int count)
    {
        var statistics = new ErrorStatistics[count];
        for (int i = 0; i < count; i++)
        {
            statistics[i] = new ErrorStatistics();
        }

        return statistics;
    }
}
