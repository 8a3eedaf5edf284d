using System;

namespace Kernels.Layers;

/// <summary>Average pooling: PyTorch's <c>nn.AvgPool2d</c>.</summary>
public sealed class FloatAvgPool2d : FloatLayer
{
    private readonly SlidingWindows _windows;

    /// <summary>Makes the layer.</summary>
    /// <param name="spec">The window.</param>
    /// <exception cref="ArgumentException">A parameter of the window is out of range.</exception>
    public FloatAvgPool2d(PoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Checked(allowDilation: false);
        _windows = new SlidingWindows(Spec);
    }

    /// <summary>The window.</summary>
    public PoolingSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) =>
        AveragePooling.Run(_windows, input, from, output, to);

    private protected override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        AveragePooling.Backward(_windows, from, to, outputGradient, inputGradient);
}
