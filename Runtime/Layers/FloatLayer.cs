using System;

namespace Kernels.Layers;

/// <summary>Base of the float layers that take any number of channels: it checks arguments and leaves the arithmetic to the layer.</summary>
public abstract class FloatLayer : IFloatLayer
{
    private protected FloatLayer()
    {
    }

    /// <inheritdoc/>
    public virtual Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input));

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape of the input does not fit the layer.</exception>
    public FloatTensor Forward(FloatTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    /// <remarks>The number of channels is that of the span: its length divided by batch, height and width.</remarks>
    public void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output)
    {
        Shape4 from = RunArguments.ShapeOf(input.Length, batch, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);
        Compute(input, from, output[..to.Count], to);
    }

    /// <summary>Computes the output; spans have exactly the lengths of their shapes.</summary>
    private protected abstract void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to);

    /// <summary>Computes the gradient by the input from the one by the output.</summary>
    /// <param name="input">What the layer was run with.</param>
    /// <param name="output">What it gave.</param>
    /// <param name="outputGradient">The gradient by the output, of its shape.</param>
    /// <param name="inputGradient">Receives the gradient by the input, of its shape. Of an elementwise layer it may be the output's.</param>
    internal void Backward(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor inputGradient) =>
        ComputeGradient(input.Data, input.Shape, output.Data, output.Shape, outputGradient.Data, inputGradient.Data);

    /// <summary>Computes every value of the gradient by the input; spans have exactly the lengths of their shapes.</summary>
    private protected abstract void ComputeGradient(
        ReadOnlySpan<float> input, Shape4 from, ReadOnlySpan<float> output, Shape4 to, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);
}
