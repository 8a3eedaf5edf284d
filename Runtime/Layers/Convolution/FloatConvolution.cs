using System;
using System.Runtime.Intrinsics;
using Kernels.Generic;

namespace Kernels.Layers;

/// <summary>
/// The float32 Conv2d and ConvTranspose2d: PyTorch's <c>nn.Conv2d</c> and <c>nn.ConvTranspose2d</c> with the activation fused.
/// Lanes are output channels; transposed convolutions run phase by phase. Products are fused into the sums in a fixed order, so results
/// are the same on every instruction set; they differ from PyTorch's in the last bits, as its own do between engines.
/// Instances can be used by several threads at once; a large run uses several itself: see <see cref="KernelThreads"/>.
/// </summary>
public sealed class FloatConvolution : IFloatLayer
{
    private readonly LaneTier _tier;
    private readonly ConvolutionLayout _layout;
    private readonly AlignedArray<int> _weights;
    private readonly AlignedArray<float> _bias;

    /// <summary>Packs weights.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Weights in PyTorch's order, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Bias, one an output channel; empty when the layer has none.</param>
    /// <exception cref="ArgumentException">Weight or bias do not fit the layer.</exception>
    public FloatConvolution(ConvolutionSpec spec, FloatWeight weight, ReadOnlySpan<float> bias)
        : this(spec, weight, bias, tier: null)
    {
    }

    internal FloatConvolution(ConvolutionSpec spec, FloatWeight weight, ReadOnlySpan<float> bias, LaneTier? tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckBias(spec, bias.Length);
        if (!spec.Epilogue.IsNone)
        {
            throw new ArgumentException($"The functions {spec.Epilogue} are layers of their own in float.", nameof(spec));
        }

        _tier = tier ?? LaneTiers.For(ConvolutionLayout.IsDepthwiseSpec(spec) ? spec.OutChannels : spec.OutChannels / spec.Groups);
        _layout = new ConvolutionLayout(spec, LaneTiers.Lanes(_tier), channelsPerStep: 1);
        _weights = _layout.Pack((channel, step, ky, kx) => BitConverter.SingleToInt32Bits(weight.Data[spec.WeightIndex(channel, step, ky, kx)]));
        _bias = _layout.PackChannels(bias);
    }

    /// <summary>The layer's shape.</summary>
    public ConvolutionSpec Spec => _layout.Spec;

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape of the input does not fit the layer.</exception>
    public FloatTensor Forward(FloatTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    public unsafe void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output)
    {
        var from = new Shape4(batch, Spec.InChannels, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);

        // Below, every address stays inside the spans and arrays that were just measured: see PhaseConvolution and ConvolutionLayout.
        var epilogue = new Epilogue
        {
            Bias = _bias.Pointer,
            Lower = 0f,
            Upper = Spec.Activation == Activation.Relu6 ? 6f : float.PositiveInfinity,
            NegativeSlope = Spec.NegativeSlope,
            HasSlope = Spec.Activation == Activation.LeakyRelu,
            HasBounds = Spec.Activation is Activation.Relu or Activation.Relu6,
        };
        var reader = new FloatRowReader(_layout);
        int* weights = _weights.Pointer;
        fixed (float* floats = input, results = output)
        {
            byte* x = (byte*)floats;
            byte* y = (byte*)results;
            switch (_tier)
            {
                case LaneTier.Vector512:
                    PhaseConvolution<FloatLanes512, Vector512<float>, FloatRowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                case LaneTier.Vector256:
                    PhaseConvolution<FloatLanes256, Vector256<float>, FloatRowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                case LaneTier.Vector128:
                    PhaseConvolution<FloatLanes128, Vector128<float>, FloatRowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
                default:
                    PhaseConvolution<FloatLanesScalar, float, FloatRowReader>.Run(_layout, weights, epilogue, reader, x, from, y, to);
                    break;
            }
        }

        GC.KeepAlive(this);
    }
}
