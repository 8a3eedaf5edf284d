using System;

namespace Kernels.Layers;

/// <summary>The activations as float32 functions of one value, in PyTorch's order of operations.</summary>
internal static class ActivationFunctions
{
    public static float LeakyRelu(float x, float negativeSlope) => x > 0 ? x : x * negativeSlope;

    public static float HardSwish(float x) => x * MathF.Min(MathF.Max(x + 3f, 0f), 6f) / 6f;

    // In double and rounded once, so that no platform's float exp shows in a table.
    public static float Sigmoid(float x) => (float)(1 / (1 + Math.Exp(-(double)x)));

    public static float Tanh(float x) => (float)Math.Tanh(x);
}
