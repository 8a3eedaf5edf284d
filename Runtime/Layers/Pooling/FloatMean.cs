using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>Mean over axes: PyTorch's <c>torch.mean(x, dim, keepdim=True)</c>.</summary>
public sealed class FloatMean : FloatLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="spec">The axes.</param>
    public FloatMean(MeanSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>The axes.</summary>
    public MeanSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        if (!Spec.Channels)
        {
            AveragePooling.Run(AdaptiveWindows.Instance, input, from, output, to);
            return;
        }

        Shape4 pooled = to with { C = from.C };
        float[] rented = ArrayPool<float>.Shared.Rent(pooled.Count);
        Span<float> means = rented.AsSpan(0, pooled.Count);
        AveragePooling.Run(AdaptiveWindows.Instance, input, from, means, pooled);
        for (int i = 0; i < output.Length; i++)
        {
            double sum = 0;
            foreach (float mean in means.Slice(i * from.C, from.C))
            {
                sum += mean;
            }

            output[i] = (float)(sum / from.C);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        if (!Spec.Channels)
        {
            AveragePooling.Backward(AdaptiveWindows.Instance, from, to, outputGradient, inputGradient);
            return;
        }

        float share = (float)((double)to.Count / from.Count);
        for (int i = 0; i < from.N * from.H; i++)
        {
            ReadOnlySpan<float> row = outputGradient.Slice(Broadcasting.Row(to, from, i) * to.W, to.W);
            for (int x = 0; x < from.W; x++)
            {
                inputGradient.Slice((i * from.W + x) * from.C, from.C).Fill(row[to.W == 1 ? 0 : x] * share);
            }
        }
    }
}
