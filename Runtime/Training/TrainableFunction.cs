using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>A layer without weights, between others that train: an activation, pooling, upsampling, padding and so on.</summary>
public sealed class TrainableFunction : TrainableLayer
{
    private readonly FloatLayer _function;

    /// <summary>Makes the layer.</summary>
    /// <param name="function">What it computes, for example a <see cref="FloatRelu"/>. A <see cref="FloatBatchNorm2d"/> keeps its parameters: <see cref="TrainableBatchNorm2d"/> trains them.</param>
    public TrainableFunction(FloatLayer function)
    {
        ArgumentNullException.ThrowIfNull(function);
        _function = function;
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _function.OutputShape(input);

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        _function.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        if (inputGradient is not null)
        {
            _function.Backward(input, output, outputGradient, inputGradient);
        }
    }
}
