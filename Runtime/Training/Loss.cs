using System;

namespace Kernels.Training;

/// <summary>How far outputs are from what they should be: one number, the mean over all elements, and its gradient.</summary>
public abstract class Loss
{
    private protected Loss()
    {
    }

    /// <summary>The mean squared difference: PyTorch's <c>nn.MSELoss</c>.</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>The mean absolute difference: PyTorch's <c>nn.L1Loss</c>.</summary>
    public static Loss L1 { get; } = new L1Loss();

    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="output">What the network gave.</param>
    /// <param name="target">What it should have given: a label, or the output of another network.</param>
    /// <param name="gradient">Receives the gradient of the loss by each output.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">The shapes differ, or the target holds NaN or infinity.</exception>
    public double Compute(FloatTensor output, FloatTensor target, FloatTensor gradient)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(gradient);
        if (output.Shape != target.Shape || output.Shape != gradient.Shape)
        {
            throw new ArgumentException($"Output, target and gradient need one shape, but have {output.Shape}, {target.Shape} and {gradient.Shape}.", nameof(target));
        }

        double sum = Sum(output.Data, target.Data, gradient.Data);
        if (!double.IsFinite(sum) && Array.Exists(target.Data.ToArray(), static value => !float.IsFinite(value)))
        {
            throw new ArgumentException("The target holds NaN or infinity: it must be finite.", nameof(target));
        }

        return sum / output.Shape.Count;
    }

    /// <summary>The sum over the elements, and the gradient of its mean.</summary>
    private protected abstract double Sum(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient);

    private sealed class MeanSquaredErrorLoss : Loss
    {
        private protected override double Sum(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient)
        {
            double sum = 0;
            float factor = 2f / output.Length;
            for (int i = 0; i < output.Length; i++)
            {
                float difference = output[i] - target[i];
                sum += (double)difference * difference;
                gradient[i] = difference * factor;
            }

            return sum;
        }
    }

    private sealed class L1Loss : Loss
    {
        private protected override double Sum(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient)
        {
            double sum = 0;
            float factor = 1f / output.Length;
            for (int i = 0; i < output.Length; i++)
            {
                float difference = output[i] - target[i];
                sum += Math.Abs(difference);
                gradient[i] = difference > 0 ? factor : difference < 0 ? -factor : 0;
            }

            return sum;
        }
    }
}
