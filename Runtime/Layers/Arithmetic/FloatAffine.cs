using System;

namespace Kernels.Layers;

/// <summary><c>x * scale + shift</c> with constants, each operation rounded by itself.</summary>
public sealed class FloatAffine : FloatLayer
{
    private readonly ChannelAffine _affine;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">The constants.</param>
    public FloatAffine(AffineParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        _affine = new ChannelAffine(parameters.Scale, parameters.Shift);
    }

    /// <summary>The constants.</summary>
    public AffineParameters Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => ChannelConstants.Check(Parameters.Channels, input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => _affine.Run(input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        _affine.RunGradient(outputGradient, inputGradient);
}
