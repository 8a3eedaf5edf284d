using System;

namespace Kernels.Layers;

/// <summary>Batch norm with running statistics: PyTorch's <c>nn.BatchNorm2d</c> in evaluation mode.</summary>
public sealed class FloatBatchNorm2d : FloatLayer
{
    private readonly BatchNormParameters _parameters;
    private readonly ChannelAffine _affine;

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Statistics, weight and bias of each channel.</param>
    public FloatBatchNorm2d(BatchNormParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        var alpha = new float[parameters.Channels];
        var beta = new float[parameters.Channels];
        for (int c = 0; c < alpha.Length; c++)
        {
            alpha[c] = parameters.InverseDeviation(c) * parameters.Weight[c];
            beta[c] = parameters.Bias[c] - parameters.Mean[c] * alpha[c];
        }

        _affine = new ChannelAffine(alpha, beta);
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _parameters.Checked(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => _affine.Run(input, output);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        _affine.RunGradient(outputGradient, inputGradient);
}
