using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Product of two int8 inputs with scales of their own: PyTorch's <c>quantized.mul</c> and <c>mul_relu</c>. The product of the codes less their
/// zero points is exact; it is multiplied by the float32 <c>sa * sb * (1 / so)</c> and rounded half to even. With functions behind it, it is multiplied by
/// <c>sa * sb</c> before them, and by <c>1 / so</c> behind them.
/// </summary>
public sealed class QuantizedMul : QuantizedBinaryLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="first">Scale and zero point of the first input.</param>
    /// <param name="second">Scale and zero point of the second input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="relu">Whether negative products become 0.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedMul(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu = false)
        : this(first, second, output, relu, null)
    {
    }

    /// <summary>Makes the layer with functions behind it, computed in float32 before the one rounding: see <see cref="EpilogueSpec"/>.</summary>
    /// <param name="first">Scale and zero point of the first input.</param>
    /// <param name="second">Scale and zero point of the second input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions; null for none. They read no further input.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="System.ArgumentException">The functions read a further input.</exception>
    public QuantizedMul(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(first, second, output, false, null, epilogue)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedMul(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu, LaneTier? tier, EpilogueParameters? epilogue = null)
        : base(
            CodeJoiner.Of<MultiplyJoin>(),
            CodeJoiner.Of<Reversed<MultiplyJoin>>(),
            first,
            second,
            output,
            first.Scale * second.Scale * (1f / output.Scale),
            MostCode * MostCode * (double)(first.Scale * second.Scale * (1f / output.Scale)),
            relu,
            epilogue,
            first.Scale * second.Scale,
            tier)
    {
    }
}
