using System;
using System.Runtime.Intrinsics;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Quantization;

namespace Kernels.Generic;

/// <summary>
/// The int8 Conv2d and ConvTranspose2d for any shape, packed at run time: the fallback and the oracle of generated kernels.
/// Lanes are output channels; weights are packed as int16 pairs, so every product is exact; transposed convolutions run phase by phase.
/// Results are PyTorch's and the same on every instruction set. Instances can be used by several threads at once; a large run uses
/// several itself: see <see cref="KernelThreads"/>.
/// </summary>
public sealed class GenericConvolution : IAddsSecond
{
    private readonly LaneTier _tier;
    private readonly ConvolutionLayout _layout;
    private readonly AlignedArray<int> _weights;
    private readonly AlignedArray<float> _bias;
    private readonly AlignedArray<float> _multiplier;
    private readonly AlignedArray<float> _program;
    private readonly AlignedArray<float> _channels;
    private readonly Requantizer _requantizer;

    /// <summary>Packs weights.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input, quint8.</param>
    /// <param name="output">Scale and zero point of the output, quint8.</param>
    /// <exception cref="ArgumentException">Weight, bias or quantization do not fit the layer, or its sums could overflow int32.</exception>
    public GenericConvolution(ConvolutionSpec spec, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output)
        : this(spec, weight, bias, input, output, epilogue: null, tier: null)
    {
    }

    /// <summary>Packs weights and the constants of an epilogue.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Int8 weights in PyTorch's order, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input, quint8.</param>
    /// <param name="output">Scale and zero point of the output, quint8.</param>
    /// <param name="epilogue">The functions of <see cref="ConvolutionSpec.Epilogue"/> with their data; null where the layer has none.</param>
    /// <exception cref="ArgumentException">Weight, bias, quantization or epilogue do not fit the layer, or its sums could overflow int32.</exception>
    public GenericConvolution(ConvolutionSpec spec, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(spec, weight, bias, input, output, epilogue, tier: null)
    {
    }

    internal GenericConvolution(
        ConvolutionSpec spec,
        QuantizedWeight weight,
        ReadOnlySpan<float> bias,
        QuantizationParameters input,
        QuantizationParameters output,
        EpilogueParameters? epilogue,
        LaneTier? tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(spec, weight.Shape);
        _requantizer = Requantizer.Create(spec, weight.Quantization, bias, input, output, epilogue);
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
        float[] program = EpilogueConstants.Program(_requantizer);
        _program = new AlignedArray<float>(program.Length);
        program.CopyTo(_program.Span);
        float[][] channels = EpilogueConstants.Channels(_requantizer);
        _channels = new AlignedArray<float>(channels.Length * _layout.PaddedChannels);
        for (int i = 0; i < channels.Length; i++)
        {
            _layout.PackChannels(channels[i]).Span.CopyTo(_channels.Span[(i * _layout.PaddedChannels)..]);
        }

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
    internal long PackedBytes => sizeof(int) * (long)_weights.Length + sizeof(float) * ((long)_bias.Length + _multiplier.Length + _program.Length + _channels.Length);

    /// <summary>Makes the layer: an <see cref="IResidualLayer"/> where its epilogue adds a second input. Arguments as for the constructor.</summary>
    internal static IQuantizedLayer Create(ConvolutionSpec spec, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue) =>
        GenericResidual.Of(new GenericConvolution(spec, weight, bias, input, output, epilogue), epilogue);

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input, quantized as <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shape or quantization of the input is not the layer's.</exception>
    public QuantizedTensor Forward(QuantizedTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The layer's epilogue adds a second input.</exception>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        LayerGuard.CheckNoSecond(Spec);
        RunWith(input, [], batch, height, width, output);
    }

    void IAddsSecond.Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output) =>
        RunWith(input, second, batch, height, width, output);

    /// <summary>Runs the layer; <paramref name="second"/> is read only where the epilogue adds it.</summary>
    internal unsafe void RunWith(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output)
    {
        var from = new Shape4(batch, Spec.InChannels, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);
        if (Spec.Epilogue.HasAdd)
        {
            RunArguments.CheckSecond(to, second, output);
        }

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
            Fused = new EpilogueScalars { FunctionCount = Spec.Epilogue.Count, Constants = _program.Pointer },
            Channels = _channels.Pointer,
            ChannelStride = _layout.PaddedChannels,
        };
        var reader = new Int8RowReader(_layout, InputQuantization.ZeroPoint);
        int* weights = _weights.Pointer;
        fixed (byte* x = input, plus = second, y = output)
        {
            epilogue.Fused.Second = (nint)plus - (nint)y;
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
