using System;
using System.Runtime.Intrinsics;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Generic;

/// <summary>
/// The int8 Conv2d and ConvTranspose2d for any shape, packed at run time: the fallback and the oracle of generated kernels.
/// Lanes are output channels; weights are packed as int16 pairs, so every product is exact; transposed convolutions run phase by phase.
/// Results are PyTorch's and the same on every instruction set. Instances can be used by several threads at once; a large run uses
/// several itself: see <see cref="KernelThreads"/>.
/// </summary>
public sealed class GenericConvolution : IQuantizedLayer
{
    private readonly LaneTier _tier;
    private readonly ConvolutionLayout _layout;
    private readonly AlignedArray<int> _weights;
    private readonly AlignedArray<float> _bias;
    private readonly AlignedArray<float> _multiplier;
    private readonly Requantizer _requantizer;

    /// <summary>Packs weights.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input, quint8.</param>
    /// <param name="output">Scale and zero point of the output, quint8.</param>
    /// <exception cref="ArgumentException">Weight, bias or quantization do not fit the layer, or its sums could overflow int32.</exception>
    public GenericConvolution(ConvolutionSpec spec, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output)
        : this(spec, weight, bias, input, output, tier: null)
    {
    }

    internal GenericConvolution(
        ConvolutionSpec spec,
        QuantizedWeight weight,
        ReadOnlySpan<float> bias,
        QuantizationParameters input,
        QuantizationParameters output,
        LaneTier? tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(spec, weight.Shape);
        _requantizer = Requantizer.Create(spec, weight.Quantization, bias, input, output);
        ConvolutionChecks.CheckAccumulator(spec, weight);

        _tier = tier ?? LaneTiers.For(ConvolutionLayout.IsDepthwiseSpec(spec) ? spec.OutChannels : spec.OutChannels / spec.Groups);
        _layout = new ConvolutionLayout(spec, LaneTiers.Lanes(_tier), channelsPerStep: 2);
        int groupInputs = spec.InChannels / spec.Groups;
        _weights = _layout.Pack((channel, step, ky, kx) =>
        {
            int zero = weight.Quantization[channel].ZeroPoint;
            int even = weight.Data[spec.WeightIndex(channel, 2 * step, ky, kx)] - zero;
            int odd = 2 * step + 1 < groupInputs ? weight.Data[spec.WeightIndex(channel, 2 * step + 1, ky, kx)] - zero : 0;
            return (even & 0xFFFF) | (odd << 16);
        });
        _bias = _layout.PackChannels(_requantizer.Bias);
        _multiplier = _layout.PackChannels(_requantizer.Multiplier);
        InputQuantization = input;
        OutputQuantization = output;
    }

    /// <summary>The layer's shape.</summary>
    public ConvolutionSpec Spec => _layout.Spec;

    /// <inheritdoc/>
    public QuantizationParameters InputQuantization { get; }

    /// <inheritdoc/>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Bytes of packed weights, constants included.</summary>
    internal long PackedBytes => sizeof(int) * (long)_weights.Length + sizeof(float) * ((long)_bias.Length + _multiplier.Length);

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input, quantized as <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shape or quantization of the input is not the layer's.</exception>
    public QuantizedTensor Forward(QuantizedTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    public unsafe void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        var from = new Shape4(batch, Spec.InChannels, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);

        // Below, every address stays inside the spans and arrays that were just measured: see PhaseConvolution and ConvolutionLayout.
        var epilogue = new Epilogue
        {
            Bias = _bias.Pointer,
            Multiplier = _multiplier.Pointer,
            Lower = _requantizer.Lower,
            Upper = _requantizer.Upper,
            NegativeSlope = _requantizer.NegativeSlope,
            ZeroPoint = _requantizer.ZeroPoint,
            HasSlope = _requantizer.NegativeSlope != 1f,
            HasBounds = true,
        };
        var reader = new Int8RowReader(_layout, InputQuantization.ZeroPoint);
        int* weights = _weights.Pointer;
        fixed (byte* x = input, y = output)
        {
            switch (_tier)
            {
                case LaneTier.Vector512:
                    PhaseConvolution<Int8Lanes512, Vector512<int>, Int8RowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                case LaneTier.Vector256:
                    PhaseConvolution<Int8Lanes256, Vector256<int>, Int8RowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                case LaneTier.Vector128:
                    PhaseConvolution<Int8Lanes128, Vector128<int>, Int8RowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                default:
                    PhaseConvolution<Int8LanesScalar, int, Int8RowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
            }
        }

        GC.KeepAlive(this);
    }
}
