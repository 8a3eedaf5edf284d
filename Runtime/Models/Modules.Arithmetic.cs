using System;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <content>Arithmetic with two inputs and with constants.</content>
public static partial class Modules
{
    /// <summary>Sum of two inputs, either of which may have size 1 along an axis.</summary>
    /// <param name="relu">Whether negative sums become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Add(bool relu = false) => new BinaryModule(BinaryFunction.Add, relu);

    /// <summary>Product of two inputs, either of which may have size 1 along an axis, as channel weights have.</summary>
    /// <param name="relu">Whether negative products become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Mul(bool relu = false) => new BinaryModule(BinaryFunction.Mul, relu);

    /// <summary>First input less the second, either of which may have size 1 along an axis.</summary>
    /// <param name="relu">Whether negative differences become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Sub(bool relu = false) => new BinaryModule(BinaryFunction.Sub, relu);

    /// <summary>First input by the second, either of which may have size 1 along an axis.</summary>
    /// <param name="relu">Whether negative quotients become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Div(bool relu = false) => new BinaryModule(BinaryFunction.Div, relu);

    /// <summary><c>x * scale + shift</c> with constants for all channels or for each: sums, products and quotients with what is not computed.</summary>
    /// <param name="parameters">The constants.</param>
    /// <returns>The layer.</returns>
    public static Module Affine(AffineParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new UnaryModule(
            "Affine",
            new ModuleArguments().With("channels", parameters.Channels),
            new FloatAffine(parameters),
            (input, output) => new QuantizedAffine(parameters, input, output))
        {
            Tensors = [("weight", parameters.Scale.ToArray()), ("bias", parameters.Shift.ToArray())],
            Channels = parameters.Channels == 1 ? 0 : parameters.Channels,
        };
    }

    /// <summary>Matrix product over rows and columns, PyTorch's matmul; the layer stays float.</summary>
    /// <returns>The layer.</returns>
    public static Module MatMul() => new MatMulModule();
}
