using System;
using System.Collections.Generic;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>
/// Conv2d, ConvTranspose2d or Linear (see <see cref="ConvolutionSpecs.Linear"/>) with its fused activation, trainable: weights and bias
/// are parameters. Groups, strides and dilations as in inference.
/// </summary>
public sealed class TrainableConvolution : TrainableLayer
{
    private readonly ConvolutionOperator _operator;
    private readonly FloatLayer? _activation;
    private readonly Parameter? _bias;
    private readonly TensorBuffer _sums = new();
    private readonly TensorBuffer _sumsGradient = new();

    /// <summary>Makes the layer; the weights are copied.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Start weights, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Start bias, one an output channel; empty when the layer has none.</param>
    /// <exception cref="ArgumentException">Weight or bias do not fit the layer.</exception>
    public TrainableConvolution(ConvolutionSpec spec, FloatWeight weight, ReadOnlySpan<float> bias)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckBias(spec, bias.Length);
        Spec = spec;
        Weight = new Parameter("weight", weight.Data);
        _bias = spec.HasBias ? new Parameter("bias", bias) : null;
        _operator = new ConvolutionOperator(spec);
        _activation = FusedActivation.Of(spec);
        Parameters = _bias is null ? [Weight] : [Weight, _bias];
    }

    /// <summary>The layer's shape.</summary>
    public ConvolutionSpec Spec { get; }

    /// <summary>The weights in PyTorch's order.</summary>
    public Parameter Weight { get; }

    /// <summary>The bias, one an output channel; null when the layer has none.</summary>
    public Parameter? Bias => _bias;

    /// <summary>The functions of <see cref="ConvolutionSpec.Epilogue"/>; null when there are none.</summary>
    internal TrainableEpilogue? Epilogue { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        FloatTensor sums = _activation is null && Epilogue is null ? output : _sums.Take(output.Shape);
        _operator.Forward(Weight.Array, _bias is null ? default : _bias.Values, input, sums);
        _activation?.Run(sums.Data, output.Shape.N, output.Shape.H, output.Shape.W, output.Data);
        Epilogue?.Forward(sums, output);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(outputGradient);
        FloatTensor gradient = outputGradient;
        if (_activation is not null)
        {
            gradient = _sumsGradient.Take(output.Shape);
            _activation.Backward(_sums.Take(output.Shape), output, outputGradient, gradient);
        }

        if (Epilogue is not null)
        {
            gradient = _sumsGradient.Take(output.Shape);
            outputGradient.Data.CopyTo(gradient.Data);
            Epilogue.Backward(gradient);
        }

        if (_bias is not null)
        {
            var sums = new double[_bias.Count];
            ChannelSums.Of(gradient.Data, sums);
            for (int c = 0; c < sums.Length; c++)
            {
                _bias.Gradient[c] += (float)sums[c];
            }
        }

        _operator.AddWeightGradient(input, gradient, Weight.Gradient);
        if (inputGradient is not null)
        {
            _operator.InputGradient(Weight.Array, gradient, inputGradient);
        }
    }
}
