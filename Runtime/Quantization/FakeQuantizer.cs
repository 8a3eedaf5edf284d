using System;
using System.Numerics;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>fake_quantize_per_tensor_affine</c> and <c>fake_quantize_per_channel_affine</c>: values as they are after
/// quantizing and dequantizing, <c>(clamp(round_half_even(x * (1 / scale)) + zero_point, min, max) - zero_point) * scale</c>,
/// and the straight-through gradient. Infinities saturate, NaN becomes 0. Every vector width gives the same bits.
/// </summary>
public static class FakeQuantizer
{
    /// <summary>Fake-quantizes values of one scale.</summary>
    /// <param name="input">Real values.</param>
    /// <param name="parameters">Scale, and a zero point within the range of codes.</param>
    /// <param name="quantMin">The lowest code.</param>
    /// <param name="quantMax">The highest code, above the lowest.</param>
    /// <param name="output">Receives as many values; may be the input.</param>
    /// <exception cref="ArgumentException">The output is too short, or the zero point is not between the lowest and highest code.</exception>
    public static void Forward(ReadOnlySpan<float> input, QuantizationParameters parameters, int quantMin, int quantMax, Span<float> output)
    {
        Check(parameters, quantMin, quantMax, input.Length, output.Length);
        float inverseScale = 1f / parameters.Scale;
        float low = quantMin - parameters.ZeroPoint;
        float high = quantMax - parameters.ZeroPoint;
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> rounded = Vector.Round(new Vector<float>(input[i..]) * inverseScale);
            // A comparison with itself is false for NaN alone; adding 0 turns -0 into the +0 that integers give.
            rounded = Vector.ConditionalSelect(Vector.Equals(rounded, rounded), rounded, Vector<float>.Zero) + Vector<float>.Zero;
            (Vector.ClampNative(rounded, new Vector<float>(low), new Vector<float>(high)) * parameters.Scale).CopyTo(output[i..]);
        }

        for (; i < input.Length; i++)
        {
            float rounded = MathF.Round(input[i] * inverseScale);
            output[i] = (float.IsNaN(rounded) ? 0 : Math.Clamp(rounded + 0f, low, high)) * parameters.Scale;
        }
    }

    /// <summary>
    /// The straight-through estimate of the gradient: what comes from the output goes to the input where the code was
    /// not clamped, and is 0 elsewhere (and for NaN).
    /// </summary>
    /// <param name="input">The values given to the forward pass.</param>
    /// <param name="outputGradient">The gradient of the loss by the output.</param>
    /// <param name="parameters">The forward pass's scale and zero point.</param>
    /// <param name="quantMin">The lowest code.</param>
    /// <param name="quantMax">The highest code.</param>
    /// <param name="inputGradient">Receives the gradient by the input; may be the output's.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the zero point is not between the lowest and highest code.</exception>
    public static void Backward(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        QuantizationParameters parameters,
        int quantMin,
        int quantMax,
        Span<float> inputGradient)
    {
        Check(parameters, quantMin, quantMax, input.Length, Math.Min(outputGradient.Length, inputGradient.Length));
        float inverseScale = 1f / parameters.Scale;
        float low = quantMin - parameters.ZeroPoint;
        float high = quantMax - parameters.ZeroPoint;
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> rounded = Vector.Round(new Vector<float>(input[i..]) * inverseScale);
            Vector<int> inside = Vector.GreaterThanOrEqual(rounded, new Vector<float>(low)) & Vector.LessThanOrEqual(rounded, new Vector<float>(high));
            Vector.ConditionalSelect(inside, new Vector<float>(outputGradient[i..]), Vector<float>.Zero).CopyTo(inputGradient[i..]);
        }

        for (; i < input.Length; i++)
        {
            float rounded = MathF.Round(input[i] * inverseScale);
            inputGradient[i] = rounded >= low && rounded <= high ? outputGradient[i] : 0;
        }
    }

    private static void Check(QuantizationParameters parameters, int quantMin, int quantMax, int length, int other)
    {
        if (other < length)
        {
            throw new ArgumentException($"The input has {length} elements, but another span has only {other}.");
        }

        if (quantMin >= quantMax || parameters.ZeroPoint < quantMin || parameters.ZeroPoint > quantMax || !(parameters.Scale > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(parameters), parameters, $"The scale must be positive and the zero point a code of {quantMin} to {quantMax}.");
        }
    }
}
