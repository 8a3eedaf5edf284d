using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>The functions that a fused layer ends with, forward and backward. Their constants stay as they are, those of batch norms too.</summary>
/// <param name="steps">The functions.</param>
/// <param name="channelScales">What the values of each channel are divided by behind them: powers of two; empty for nothing.</param>
internal sealed class TrainableEpilogue(IReadOnlyList<EpilogueStep> steps, float[] channelScales)
{
    private readonly TensorBuffer[] _before = [.. System.Linq.Enumerable.Select(steps, static _ => new TensorBuffer())];
    private readonly TensorBuffer _secondGradient = new();

    /// <summary>What <see cref="EpilogueFunction.Add"/> adds; set before each forward pass.</summary>
    public FloatTensor? Second { get; set; }

    /// <summary>The gradient by <see cref="Second"/>, after a backward pass; null when nothing is added.</summary>
    public FloatTensor? SecondGradient { get; private set; }

    /// <summary>Applies the functions.</summary>
    public void Forward(FloatTensor values, FloatTensor output)
    {
        values.Data.CopyTo(output.Data);
        for (int i = 0; i < _before.Length; i++)
        {
            output.Data.CopyTo(_before[i].Take(output.Shape).Data);
            FloatEpilogue.Apply(steps[i], output.Data, Second is null ? default : Second.Data);
        }

        FloatEpilogue.Divide(output.Data, channelScales);
    }

    /// <summary>Turns the gradient by the output into that by the values of the last forward pass.</summary>
    public void Backward(FloatTensor gradient)
    {
        FloatEpilogue.Divide(gradient.Data, channelScales);
        for (int i = _before.Length - 1; i >= 0; i--)
        {
            if (steps[i].Function == EpilogueFunction.Add)
            {
                SecondGradient = _secondGradient.Take(gradient.Shape);
                gradient.Data.CopyTo(SecondGradient.Data);
            }
            else
            {
                Multiply(steps[i], _before[i].Take(gradient.Shape).Data, gradient.Data);
            }
        }
    }

    /// <summary>Multiplies a gradient by the derivative of a function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(EpilogueStep step, ReadOnlySpan<float> values, Span<float> gradient)
    {
        EpilogueFunction function = step.Function;
        ReadOnlySpan<float> scale = function is EpilogueFunction.Affine or EpilogueFunction.ChannelAffine ? step.Scale : default;
        float slope = function == EpilogueFunction.LeakyRelu ? step.NegativeSlope : 0;
        (float lower, float upper) = function switch
        {
            EpilogueFunction.Relu6 => (0, 6),
            EpilogueFunction.Clip => (step.Lower, step.Upper),
            EpilogueFunction.HardSwish or EpilogueFunction.HardSigmoid => (-3, 3),
            _ => (0, float.PositiveInfinity),
        };
        for (int i = 0; i < gradient.Length; i++)
        {
            float x = values[i];
            bool isInside = x > lower && x < upper;
            gradient[i] *= function switch
            {
                EpilogueFunction.Affine or EpilogueFunction.ChannelAffine => scale[i % scale.Length],
                EpilogueFunction.LeakyRelu => x > 0 ? 1 : slope,
                EpilogueFunction.HardSwish => isInside ? (2 * x + 3) / 6 : x <= lower ? 0 : 1,
                EpilogueFunction.HardSigmoid => isInside ? 1f / 6 : 0,
                _ => isInside ? 1 : 0,
            };
        }
    }
}
