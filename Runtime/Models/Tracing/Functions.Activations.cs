using System;
using Kernels.Layers;

namespace Kernels.Models;

/// <content>Functions of one value, element by element.</content>
public static partial class Functions
{
    /// <summary><c>max(x, 0)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value ReLU(Value x) =>
        Call(nameof(ReLU), Modules.ReLU(), [x]);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value ReLU6(Value x) =>
        Call(nameof(ReLU6), Modules.ReLU6(), [x]);

    /// <summary><c>x</c> above zero, <c>negativeSlope * x</c> below.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="negativeSlope">Slope below zero.</param>
    /// <returns>What it makes.</returns>
    public static Value LeakyReLU(Value x, float negativeSlope = 0.01f) =>
        Call(nameof(LeakyReLU), Modules.LeakyReLU(negativeSlope), [x], negativeSlope);

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value HardSwish(Value x) =>
        Call(nameof(HardSwish), Modules.Hardswish(), [x]);

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value HardSigmoid(Value x) =>
        Call(nameof(HardSigmoid), Modules.Hardsigmoid(), [x]);

    /// <summary><c>min(max(x, min), max)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="min">Least result.</param>
    /// <param name="max">Greatest result.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The bounds are NaN or in the wrong order.</exception>
    public static Value Clip(Value x, float min, float max) =>
        Call(nameof(Clip), Modules.Hardtanh(min, max), [x], min, max);

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Sigmoid(Value x) =>
        Call(nameof(Sigmoid), Modules.Sigmoid(), [x]);

    /// <summary>Hyperbolic tangent.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Tanh(Value x) =>
        Call(nameof(Tanh), Modules.Tanh(), [x]);

    /// <summary><c>x / (1 + exp(-x))</c>, also called Swish.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value SiLU(Value x) =>
        Call(nameof(SiLU), Modules.SiLU(), [x]);

    /// <summary><c>x</c> times the normal distribution's share below it.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="approximate">With the error function, or PyTorch's approximation with a hyperbolic tangent.</param>
    /// <returns>What it makes.</returns>
    public static Value GELU(Value x, GeluApproximation approximate = GeluApproximation.None) =>
        Call(nameof(GELU), Modules.GELU(approximate), [x], approximate);

    /// <summary><c>x</c> above zero, <c>alpha * (exp(x) - 1)</c> below.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="alpha">Minus the limit far below zero.</param>
    /// <returns>What it makes.</returns>
    public static Value ELU(Value x, float alpha = 1f) =>
        Call(nameof(ELU), Modules.ELU(alpha), [x], alpha);

    /// <summary><c>x * tanh(log(1 + exp(x)))</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Mish(Value x) =>
        Call(nameof(Mish), Modules.Mish(), [x]);

    /// <summary><c>log(1 + exp(beta * x)) / beta</c>, and <c>x</c> where <c>beta * x</c> is above a threshold.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="beta">Steepness, not 0.</param>
    /// <param name="threshold">Where the function counts as x.</param>
    /// <returns>What it makes.</returns>
    public static Value Softplus(Value x, float beta = 1f, float threshold = 20f) =>
        Call(nameof(Softplus), Modules.Softplus(beta, threshold), [x], beta, threshold);

    /// <summary>Softmax along an axis; it stays float.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="axis">PyTorch's dim: 0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <returns>What it makes.</returns>
    public static Value Softmax(Value x, int axis) =>
        Call(nameof(Softmax), Modules.Softmax(axis), [x], axis);
}
