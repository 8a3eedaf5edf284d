using System;

namespace Kernels.Accuracy;

/// <summary>How far values are from reference values.</summary>
public sealed class ErrorStatistics
{
    private double _signal;
    private double _noise;
    private double _product;
    private double _power;
    private double _error;
    private double _maxError;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    /// <summary>Nothing compared yet.</summary>
    public ErrorStatistics()
    {
    }

    /// <summary>The number of values compared.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// Signal to quantization noise ratio in dB: <c>10 log10(sum(r^2) / sum((q - r)^2))</c>. Positive infinity when no value differs.
    /// </summary>
    public double Sqnr => Decibel(_signal, _noise);

    /// <summary>
    /// Peak signal to noise ratio in dB: <c>10 log10(peak^2 / mean((q - r)^2))</c>, where the peak is the reference's greatest value less its
    /// least. Positive infinity when no value differs.
    /// </summary>
    public double Psnr => Count == 0 ? double.PositiveInfinity : Decibel((_max - _min) * (_max - _min), _noise / Count);

    /// <summary>Cosine similarity, 1 when the values are a multiple of the reference: <c>sum(r q) / sqrt(sum(r^2) sum(q^2))</c>. 1 when all are 0.</summary>
    public double Cosine => _signal == 0 && _power == 0 ? 1 : _signal == 0 || _power == 0 ? 0 : _product / Math.Sqrt(_signal * _power);

    /// <summary>The mean of value less reference, in real units.</summary>
    public double MeanError => Count == 0 ? 0 : _error / Count;

    /// <summary>The greatest difference, in real units.</summary>
    public double MaxError => _maxError;

    /// <summary>The least reference; positive infinity when nothing was compared.</summary>
    public double ReferenceMin => _min;

    /// <summary>The greatest reference; negative infinity when nothing was compared.</summary>
    public double ReferenceMax => _max;

    internal void Add(float reference, float value)
    {
        double r = reference;
        double q = value;
        double error = q - r;
        _signal += r * r;
        _noise += error * error;
        _product += r * q;
        _power += q * q;
        _error += error;
        _maxError = Math.Max(_maxError, Math.Abs(error));
        _min = Math.Min(_min, r);
        _max = Math.Max(_max, r);
        Count++;
    }

    /// <summary>Compares values.</summary>
    /// <param name="references">What they should be.</param>
    /// <param name="values">As many values.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public void Add(ReadOnlySpan<float> references, ReadOnlySpan<float> values)
    {
        if (values.Length != references.Length)
        {
            throw new ArgumentException($"Every value needs its reference, but there are {values.Length} values and {references.Length} references.", nameof(values));
        }

        for (int i = 0; i < references.Length; i++)
        {
            Add(references[i], values[i]);
        }
    }

    internal void Add(ErrorStatistics other)
    {
        _signal += other._signal;
        _noise += other._noise;
        _product += other._product;
        _power += other._power;
        _error += other._error;
        _maxError = Math.Max(_maxError, other._maxError);
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
        Count += other.Count;
    }

    private static double Decibel(double signal, double noise) => noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
}
