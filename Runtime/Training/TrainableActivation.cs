using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>ReLU, ReLU6 or LeakyReLU as a layer of its own.</summary>
public sealed class TrainableActivation : TrainableLayer
{
    private readonly Activation _activation;
    private readonly float _negativeSlope;
    private readonly IFloatLayer? _function;

    /// <summary>Makes the layer.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="negativeSlope">Slope of <see cref="Activation.LeakyRelu"/> below zero.</param>
    public TrainableActivation(Activation activation, float negativeSlope = 0.01f)
    {
        _activation = activation;
        _negativeSlope = negativeSlope;
        _function = ActivationGradient.Function(activation, negativeSlope);
    }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input));

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (_function is null)
        {
            input.Data.CopyTo(output.Data);
        }
        else
        {
            _function.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
        }
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (inputGradient is not null)
        {
            ActivationGradient.Backward(_activation, _negativeSlope, input.Data, outputGradient.Data, inputGradient.Data);
        }
    }
}
