using System;

namespace Kernels.Layers;

/// <summary>Upsampling, nearest and bilinear: PyTorch's <c>nn.Upsample</c>.</summary>
public sealed class FloatUpsample : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Mode and output size.</param>
    public FloatUpsample(UpsampleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Mode and output size.</summary>
    public UpsampleSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        if (Spec.IsNearest)
        {
            NearestSampling.Run(Spec, input, from, output, to);
        }
        else
        {
            BilinearSampling.Run(Spec, input, from, output, to);
        }
    }

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        if (Spec.IsNearest)
        {
            NearestSampling.Backward(Spec, outputGradient, to, inputGradient, from);
        }
        else
        {
            BilinearSampling.Backward(Spec, outputGradient, to, inputGradient, from);
        }
    }
}
