using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>A convolution without activation, forward and backward, for weights that change between the calls.</summary>
internal sealed class ConvolutionOperator(ConvolutionSpec spec)
{
    private readonly ConvolutionSpec _spec = spec with { Activation = Activation.None, Epilogue = EpilogueSpec.None };
    private readonly ConvolutionSpec _unbiased = spec with { Activation = Activation.None, Epilogue = EpilogueSpec.None, HasBias = false };
    private readonly WeightGradient _weightGradient = new(spec);

    /// <summary>Computes the output; an empty bias adds nothing.</summary>
    public void Forward(float[] weight, ReadOnlySpan<float> bias, FloatTensor input, FloatTensor output)
    {
        var layer = new FloatConvolution(bias.IsEmpty ? _unbiased : _spec with { HasBias = true }, new FloatWeight(_spec.WeightShape, weight), bias);
        layer.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
    }

    /// <summary>Adds the gradient by the weights.</summary>
    public void AddWeightGradient(FloatTensor input, FloatTensor outputGradient, Span<float> gradient) => _weightGradient.AddTo(input, outputGradient, gradient);

    /// <summary>Computes the gradient by the input.</summary>
    public void InputGradient(float[] weight, FloatTensor outputGradient, FloatTensor inputGradient) =>
        ConvolutionAdjoint.Run(_spec, new FloatWeight(_spec.WeightShape, weight), outputGradient, inputGradient);
}
