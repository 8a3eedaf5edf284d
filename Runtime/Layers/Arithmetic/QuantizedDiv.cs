using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// The first int8 input by the second, with scales of their own: both are dequantized, divided in float32 and quantized. By zero it is the highest
/// or the lowest code, and zero by zero the zero point.
/// </summary>
public sealed class QuantizedDiv : QuantizedBinaryLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="first">Scale and zero point of the first input.</param>
    /// <param name="second">Scale and zero point of the second input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="relu">Whether negative quotients become 0.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedDiv(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu = false)
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
    public QuantizedDiv(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(first, second, output, false, null, epilogue)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedDiv(QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu, LaneTier? tier, EpilogueParameters? epilogue = null)
        : base(
            CodeJoiner.Of<DivideJoin>(),
            CodeJoiner.Of<Reversed<DivideJoin>>(),
            first,
            second,
            output,
            1f / output.Scale,
            double.NaN,
            relu,
            epilogue,
            1f,
            tier)
    {
    }
}
