using System;
using System.Collections.Generic;

namespace Kernels.Training;

/// <summary>Trainable layers that run one after the other: PyTorch's <c>nn.Sequential</c>.</summary>
public sealed class TrainableSequence : TrainableLayer
{
    private readonly TrainableLayer[] _layers;

    /// <summary>Makes a sequence.</summary>
    /// <param name="layers">The layers in the order in which they run, at least one, none of them twice.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public TrainableSequence(params IReadOnlyList<TrainableLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A sequence needs at least one layer.", nameof(layers));
        }

        _layers = [.. layers];
        var parameters = new List<Parameter>();
        foreach (TrainableLayer layer in _layers)
        {
            parameters.AddRange(layer.Parameters);
        }

        Parameters = parameters;
    }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<TrainableLayer> Layers => _layers;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input)
    {
        foreach (TrainableLayer layer in _layers)
        {
            input = layer.OutputShape(input);
        }

        return input;
    }

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        foreach (TrainableLayer layer in _layers)
        {
            input = layer.Forward(input);
        }

        input.Data.CopyTo(output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        for (int i = _layers.Length - 1; i > 0; i--)
        {
            outputGradient = _layers[i].Backward(outputGradient);
        }

        if (inputGradient is null)
        {
            _layers[0].BackwardToParameters(outputGradient);
        }
        else
        {
            _layers[0].Backward(outputGradient).Data.CopyTo(inputGradient.Data);
        }
    }
}
