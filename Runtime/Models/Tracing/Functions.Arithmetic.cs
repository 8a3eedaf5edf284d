using Kernels.Layers;

namespace Kernels.Models;

/// <content>Arithmetic.</content>
public static partial class Functions
{
    /// <summary>Sum of two values, either of which may have size 1 along an axis.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Add(Value x, Value y) =>
        Call(nameof(Add), Modules.Add(), [x, y]);

    /// <summary>Product of two values, either of which may have size 1 along an axis.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Mul(Value x, Value y) =>
        Call(nameof(Mul), Modules.Mul(), [x, y]);

    /// <summary>The first less the second; either may have size 1 along an axis.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Sub(Value x, Value y) =>
        Call(nameof(Sub), Modules.Sub(), [x, y]);

    /// <summary>The first by the second; either may have size 1 along an axis.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value Div(Value x, Value y) =>
        Call(nameof(Div), Modules.Div(), [x, y]);

    /// <summary><c>x + value</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="value">A constant.</param>
    /// <returns>What it makes.</returns>
    public static Value Add(Value x, float value) =>
        Call(nameof(Add), Line(1, value), [x], value);

    /// <summary><c>x - value</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="value">A constant.</param>
    /// <returns>What it makes.</returns>
    public static Value Sub(Value x, float value) =>
        Call(nameof(Sub), Line(1, -value), [x], value);

    /// <summary><c>value - x</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="value">A constant.</param>
    /// <returns>What it makes.</returns>
    public static Value RSub(Value x, float value) =>
        Call(nameof(RSub), Line(-1, value), [x], value);

    /// <summary><c>x * value</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="value">A constant.</param>
    /// <returns>What it makes.</returns>
    public static Value Mul(Value x, float value) =>
        Call(nameof(Mul), Line(value, 0), [x], value);

    /// <summary><c>x * (1 / value)</c>.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="value">A constant.</param>
    /// <returns>What it makes.</returns>
    public static Value Div(Value x, float value) =>
        Call(nameof(Div), Line(1 / value, 0), [x], value);

    /// <summary><c>x * scale + shift</c> as one step, where the two operators are two.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="shift">What is added to the product.</param>
    /// <returns>What it makes.</returns>
    public static Value Affine(Value x, float scale, float shift) =>
        Call(nameof(Affine), Line(scale, shift), [x], scale, shift);

    /// <summary>A power with a constant exponent; of 0.5 it is the square root.</summary>
    /// <param name="x">What the function reads.</param>
    /// <param name="exponent">The exponent, finite.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The exponent is not finite.</exception>
    public static Value Pow(Value x, float exponent) =>
        Call(nameof(Pow), Modules.Pow(exponent), [x], exponent);

    /// <summary>Matrix product over rows and columns, PyTorch's matmul; it stays float.</summary>
    /// <param name="x">What the function reads first.</param>
    /// <param name="y">What it reads second.</param>
    /// <returns>What it makes.</returns>
    public static Value MatMul(Value x, Value y) =>
        Call(nameof(MatMul), Modules.MatMul(), [x, y]);

    private static Module Line(float scale, float shift) => Modules.Affine(new AffineParameters([scale], [shift]));
}
