using System;

namespace Kernels.Layers;

/// <summary>
/// The activations as float32 functions of one value, for tables of codes. The plain ones are in PyTorch's order of operations; those with
/// exponentials are computed in double and rounded once, so that no platform's float exp shows in a table.
/// </summary>
internal static class ActivationFunctions
{
    public static float LeakyRelu(float x, float negativeSlope) => x > 0 ? x : x * negativeSlope;

    public static float HardSwish(float x) => x * MathF.Min(MathF.Max(x + 3f, 0f), 6f) / 6f;

    public static float HardSigmoid(float x) => MathF.Min(MathF.Max(x + 3f, 0f), 6f) / 6f;

    public static float Sigmoid(float x) => (float)DoubleFunctions.Sigmoid(x);

    public static float Tanh(float x) => (float)Math.Tanh(x);

    public static float Silu(float x) => (float)(x * DoubleFunctions.Sigmoid(x));

    public static float Gelu(float x, GeluApproximation approximate) => (float)(x * (approximate == GeluApproximation.None
        ? DoubleFunctions.Erfc(-x * Math.Sqrt(0.5)) / 2
        : DoubleFunctions.Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));

    public static float Elu(float x, float alpha) => x > 0 ? x : (float)(alpha * DoubleFunctions.Expm1(x));

    public static float Mish(float x) => (float)(x * Math.Tanh(DoubleFunctions.Softplus(x)));

    public static float Softplus(float x, float beta, float threshold) => x * beta > threshold ? x : (float)(DoubleFunctions.Softplus((double)x * beta) / beta);
}
