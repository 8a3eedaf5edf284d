using System;
using System.Numerics;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>The fused activations for training: the function, and its derivative as PyTorch has it (0 at the kinks of ReLU and ReLU6).</summary>
internal static class ActivationGradient
{
    /// <summary>The layer that computes an activation; null for none.</summary>
    public static IFloatLayer? Function(Activation activation, float negativeSlope) => activation switch
    {
        Activation.None => null,
        Activation.Relu => new FloatRelu(),
        Activation.Relu6 => new FloatRelu6(),
        Activation.LeakyRelu => new FloatLeakyRelu(negativeSlope),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    /// <summary>Multiplies by the derivative.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="negativeSlope">Slope of LeakyRelu below zero.</param>
    /// <param name="input">What the activation was applied to.</param>
    /// <param name="outputGradient">The gradient by its results.</param>
    /// <param name="inputGradient">Receives the gradient by its inputs; may be the results' gradient.</param>
    public static void Backward(Activation activation, float negativeSlope, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        switch (activation)
        {
            case Activation.None:
                outputGradient.CopyTo(inputGradient);
                break;
            case Activation.LeakyRelu:
                Slope(negativeSlope, input, outputGradient, inputGradient);
                break;
            default:
                Window(activation == Activation.Relu6 ? 6f : float.PositiveInfinity, input, outputGradient, inputGradient);
                break;
        }
    }

    private static void Slope(float slope, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = new Vector<float>(outputGradient[i..]);
            Vector.ConditionalSelect(Vector.GreaterThan(new Vector<float>(input[i..]), Vector<float>.Zero), gradient, gradient * slope).CopyTo(inputGradient[i..]);
        }

        for (; i < input.Length; i++)
        {
            inputGradient[i] = input[i] > 0 ? outputGradient[i] : outputGradient[i] * slope;
        }
    }

    private static void Window(float upper, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(input[i..]);
            Vector<int> inside = Vector.GreaterThan(x, Vector<float>.Zero) & Vector.LessThan(x, new Vector<float>(upper));
            Vector.ConditionalSelect(inside, new Vector<float>(outputGradient[i..]), Vector<float>.Zero).CopyTo(inputGradient[i..]);
        }

        for (; i < input.Length; i++)
        {
            inputGradient[i] = input[i] > 0 && input[i] < upper ? outputGradient[i] : 0;
        }
    }
}
