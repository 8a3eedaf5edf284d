using System;

namespace Kernels.Layers;

/// <summary>Base of the float layers that apply one function to every element.</summary>
public abstract class FloatElementwise : FloatLayer
{
    private readonly ElementwiseKernel _kernel;

    private protected FloatElementwise(ElementwiseKernel kernel) => _kernel = kernel;

    private protected sealed override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => _kernel.Run(input, output);

    private protected sealed override void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        _kernel.RunGradient(input, output, outputGradient, inputGradient);
}
