using System;
using System.Collections.Generic;
using Kernels.Models;

namespace Kernels.Training.Nodes;

/// <summary>A node of a model that trains: as a <see cref="TrainableLayer"/>, with any number of inputs.</summary>
internal abstract class TrainableNode
{
    /// <summary>What training changes.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The layer with its weights as they are now.</summary>
    public abstract Module Layer { get; }

    /// <summary>Whether <see cref="Layer"/> computes what the last forward pass did.</summary>
    public virtual bool RunsAsLayer => true;

    /// <summary>The int8 weights, for a node that has some.</summary>
    public virtual QuantizedLayerWeights? Quantize() => null;

    /// <summary>Runs the node.</summary>
    /// <param name="inputs">What it reads; kept for the backward pass.</param>
    /// <returns>The output, which the next forward pass overwrites.</returns>
    public abstract FloatTensor Forward(FloatTensor[] inputs);

    /// <summary>Adds to the parameters' gradients and passes the gradient on.</summary>
    /// <param name="outputGradient">The gradient by the output.</param>
    /// <param name="inputGradients">Receives the gradient by each input, in tensors that are the node's own; empty when nobody asks.</param>
    public abstract void Backward(FloatTensor outputGradient, Span<FloatTensor?> inputGradients);
}
