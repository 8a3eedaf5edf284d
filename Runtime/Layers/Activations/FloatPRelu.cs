using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>PReLU: <c>x &gt; 0 ? x : x * weight</c>, with a weight for each channel or one for all.</summary>
public sealed class FloatPRelu : FloatLayer
{
    private readonly float[] _weight;

    // Repeated until pixels make whole vectors and runs are long.
    private readonly float[] _pattern;

    /// <summary>Makes the layer.</summary>
    /// <param name="weight">Finite factors for values below zero: one for all channels, or one a channel.</param>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public FloatPRelu(ReadOnlySpan<float> weight)
    {
        _weight = ChannelConstants.Copy(weight, nameof(weight));
        _pattern = new float[_weight.Length * (1 + 511 / _weight.Length)];
        Broadcasting.Repeat<float>(_weight, _pattern);
    }

    /// <summary>Factors for values below zero: one for all channels, or one a channel.</summary>
    public ReadOnlySpan<float> Weight => _weight;

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => ChannelConstants.Check(_weight.Length, input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(input, input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        Map(input, outputGradient, inputGradient);

    /// <summary>Multiplies values where the input is not above zero.</summary>
    private void Map(ReadOnlySpan<float> input, ReadOnlySpan<float> values, Span<float> output)
    {
        for (int start = 0; start < input.Length; start += _pattern.Length)
        {
            int end = Math.Min(start + _pattern.Length, input.Length);
            for (int i = start; i < end; i += Vector<float>.Count)
            {
                Vector<float> value = PaddedLanes.Load(values[i..end]);
                Vector<int> isAbove = Vector.GreaterThan(PaddedLanes.Load(input[i..end]), Vector<float>.Zero);
                PaddedLanes.Store(Vector.ConditionalSelect(isAbove, value, value * PaddedLanes.Load(_pattern.AsSpan(i - start))), output[i..end]);
            }
        }
    }
}
