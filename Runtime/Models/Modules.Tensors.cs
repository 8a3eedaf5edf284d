using System;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <content>What networks of other frameworks have besides.</content>
public static partial class Modules
{
    /// <summary>Axes in another order: PyTorch's <c>x.permute(batch, channels, height, width)</c>. Each number is the input's axis that becomes that one.</summary>
    /// <param name="batch">0 batch, 1 channels, 2 rows, 3 columns.</param>
    /// <param name="channels">The axis that becomes channels.</param>
    /// <param name="height">The axis that becomes rows.</param>
    /// <param name="width">The axis that becomes columns.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">An axis is missing.</exception>
    public static Module Permute(int batch, int channels, int height, int width)
    {
        PermuteSpec spec = new PermuteSpec(batch, channels, height, width).Checked();
        ModuleArguments arguments = new ModuleArguments().With("batch", batch).With("channels", channels).With("height", height).With("width", width);
        return new SharingModule("Permute", arguments, new FloatPermute(spec), q => new QuantizedPermute(spec, q)) { Flattens = channels != 1 };
    }

    /// <summary>A tensor that does not depend on the input. Its one input says where in the order it stands, and is not read.</summary>
    /// <param name="value">The tensor, all numbers finite.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static Module Constant(FloatTensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ConstantModule(value);
    }

    /// <summary>A power with a constant exponent: PyTorch's <c>torch.pow</c>; of 0.5 it is the square root.</summary>
    /// <param name="exponent">The exponent, finite.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is not finite.</exception>
    public static Module Pow(float exponent) => float.IsFinite(exponent)
        ? new UnaryModule("Pow", new ModuleArguments().With("exponent", exponent), new FloatPow(exponent), (input, output) => new QuantizedPow(input, output, exponent))
        : throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent must be finite.");
}
