using System;

namespace Kernels.Layers;

/// <summary>A tensor that does not depend on the input: what a model adds or multiplies by that is neither a number nor one a channel.</summary>
public sealed class FloatConstant : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="value">The tensor, which must not change any more; all numbers finite.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public FloatConstant(FloatTensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ChannelConstants.Copy(value.Data, nameof(value));
        Value = value;
    }

    /// <summary>The tensor.</summary>
    public FloatTensor Value { get; }

    /// <inheritdoc/>
    /// <remarks>The tensor's shape, whatever the input's is.</remarks>
    public override Shape4 OutputShape(Shape4 input) => Value.Shape;

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Value.Data.CopyTo(output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) => inputGradient.Clear();
}
