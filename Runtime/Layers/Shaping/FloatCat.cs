using System;

namespace Kernels.Layers;

/// <summary>Concatenation: PyTorch's <c>torch.cat</c>.</summary>
/// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
public sealed class FloatCat(int axis)
{
    /// <summary>Axis of concatenation, in NCHW order.</summary>
    public int Axis { get; } = Concatenation.Axis(axis);

    /// <summary>Shape of the output.</summary>
    /// <param name="inputs">Shapes of the inputs, equal but along the axis.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentException">No shape, or they differ in another axis.</exception>
    public Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => Concatenation.OutputShape(Axis, inputs);

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="inputs">At least one tensor.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FloatTensor Forward(params ReadOnlySpan<FloatTensor> inputs)
    {
        var shapes = new Shape4[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            shapes[i] = inputs[i].Shape;
        }

        var output = new FloatTensor(OutputShape(shapes));
        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Write(inputs[i].Data, shapes[i], offset, output.Data, output.Shape);
            offset += Concatenation.Size(shapes[i], Axis);
        }

        return output;
    }

    /// <summary>Writes one input to its place in the output; once for each input makes the whole, without allocation.</summary>
    /// <param name="input">Its values in order n, h, w, c.</param>
    /// <param name="inputShape">Its shape.</param>
    /// <param name="offset">Sizes of the inputs before it along the axis, added up.</param>
    /// <param name="output">The whole output. Must not overlap the input.</param>
    /// <param name="outputShape">Shape of the whole output.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the input does not lie inside the output.</exception>
    public void Write(ReadOnlySpan<float> input, Shape4 inputShape, int offset, Span<float> output, Shape4 outputShape)
    {
        RunArguments.Check(inputShape.Checked(nameof(inputShape)), input, outputShape.Checked(nameof(outputShape)), output);
        var place = Concatenation.Of(Axis, inputShape, outputShape, offset);
        for (int i = 0; i < place.Outer; i++)
        {
            input.Slice(i * place.Run, place.Run).CopyTo(output.Slice(i * place.Stride + place.Start, place.Run));
        }
    }

    /// <summary>The gradient by one input: its place in the gradient by the output.</summary>
    /// <param name="outputGradient">The gradient by the whole output.</param>
    /// <param name="offset">Sizes of the inputs before it along the axis, added up.</param>
    /// <param name="inputGradient">Receives the gradient, of the input's shape.</param>
    internal void Backward(FloatTensor outputGradient, int offset, FloatTensor inputGradient)
    {
        var place = Concatenation.Of(Axis, inputGradient.Shape, outputGradient.Shape, offset);
        for (int i = 0; i < place.Outer; i++)
        {
            outputGradient.Data.Slice(i * place.Stride + place.Start, place.Run).CopyTo(inputGradient.Data[(i * place.Run)..]);
        }
    }
}
