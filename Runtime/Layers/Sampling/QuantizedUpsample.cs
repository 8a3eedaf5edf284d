using System;
using Kernels.Execution;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Upsampling of int8 activations: PyTorch's <c>nn.Upsample</c> on a quantized tensor, nearest and bilinear. Unlike PyTorch,
/// nearest is right for 1x1 inputs with several channels.
/// </summary>
public sealed class QuantizedUpsample : QuantizedLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">Mode and output size.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedUpsample(UpsampleSpec spec, QuantizationParameters quantization)
        : base(quantization, quantization)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Mode and output size.</summary>
    public UpsampleSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (Spec.IsNearest)
        {
            CodeNearest.Run(Spec, input, from, output, to);
        }
        else
        {
            BilinearSampling.Run(Spec, input, from, output, to, InputQuantization.ZeroPoint);
        }
    }
}
