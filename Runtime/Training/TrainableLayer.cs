using System;
using System.Collections.Generic;

namespace Kernels.Training;

/// <summary>
/// A float32 layer that can be trained: forward, and backward by the chain rule. An instance belongs to one place of one
/// network and to one thread: between the two passes it remembers what it has seen.
/// </summary>
public abstract class TrainableLayer
{
    private readonly TensorBuffer _output = new();
    private readonly TensorBuffer _inputGradient = new();
    private FloatTensor? _lastInput;
    private FloatTensor? _lastOutput;

    /// <summary>What training changes; empty for layers without weights.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the output.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input.</exception>
    public abstract Shape4 OutputShape(Shape4 input);

    /// <summary>Runs the layer over a batch.</summary>
    /// <param name="input">The batch; it must not change before the backward pass.</param>
    /// <returns>The output. It belongs to the layer: the next forward pass overwrites it.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the layer.</exception>
    public FloatTensor Forward(FloatTensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FloatTensor output = _output.Take(OutputShape(input.Shape));
        Compute(input, output);
        _lastInput = input;
        _lastOutput = output;
        return output;
    }

    /// <summary>Adds the gradients of the last forward pass to those of the parameters, and passes the gradient on.</summary>
    /// <param name="outputGradient">The gradient of the loss by each output.</param>
    /// <returns>The gradient by each input. It belongs to the layer: the next backward pass overwrites it.</returns>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient does not have the output's shape.</exception>
    public FloatTensor Backward(FloatTensor outputGradient)
    {
        (FloatTensor input, FloatTensor output) = Last(outputGradient);
        FloatTensor inputGradient = _inputGradient.Take(input.Shape);
        Propagate(input, output, outputGradient, inputGradient);
        return inputGradient;
    }

    /// <summary>As <see cref="Backward"/>, for a first layer: nobody asks for the gradient by the input, and its cost is saved.</summary>
    /// <param name="outputGradient">The gradient of the loss by each output.</param>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient does not have the output's shape.</exception>
    public void BackwardToParameters(FloatTensor outputGradient)
    {
        (FloatTensor input, FloatTensor output) = Last(outputGradient);
        Propagate(input, output, outputGradient, null);
    }

    /// <summary>Computes the output.</summary>
    /// <param name="input">The input, of a shape that <see cref="OutputShape"/> took.</param>
    /// <param name="output">Receives every value; it holds old ones.</param>
    protected abstract void Compute(FloatTensor input, FloatTensor output);

    /// <summary>Adds to the parameters' gradients and computes the gradient by the input.</summary>
    /// <param name="input">The input of the last forward pass.</param>
    /// <param name="output">The output of the last forward pass.</param>
    /// <param name="outputGradient">The gradient by the output, of its shape.</param>
    /// <param name="inputGradient">Receives every value of the gradient by the input (it holds old ones); null when nobody asks.</param>
    protected abstract void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient);

    private (FloatTensor Input, FloatTensor Output) Last(FloatTensor outputGradient)
    {
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (_lastInput is null || _lastOutput is null)
        {
            throw new InvalidOperationException("There is nothing to go back through yet: call Forward first, then Backward.");
        }

        return outputGradient.Shape == _lastOutput.Shape
            ? (_lastInput, _lastOutput)
            : throw new ArgumentException($"The last output has the shape {_lastOutput.Shape}, but its gradient has {outputGradient.Shape}.", nameof(outputGradient));
    }
}
