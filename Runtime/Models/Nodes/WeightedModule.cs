using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A convolution, a transposed convolution, or a linear layer, which is a 1x1 convolution.</summary>
internal sealed class WeightedModule : Module
{
    public const string LinearType = "Linear";

    private readonly LayerWeights? _weights;

    /// <summary>Makes the layer.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="weights">Float weights; null in a converted model whose layer is int8.</param>
    /// <param name="isLinear">Whether it is PyTorch's Linear.</param>
    /// <param name="kernel">Makes the int8 layer; null for the generic kernel.</param>
    /// <exception cref="ArgumentException">The weights do not have the layer's shape.</exception>
    public WeightedModule(ConvolutionSpec spec, LayerWeights? weights, bool isLinear = false, LayerFactory? kernel = null)
        : base(isLinear ? LinearType : spec.Kind.ToString())
    {
        Spec = spec;
        Kernel = kernel;
        _weights = weights;
        if (weights is not null && LayerWeights.Misfit(Type, spec, weights.Weight.Shape, weights.Bias.Length) is { } misfit)
        {
            throw new ArgumentException(misfit, nameof(weights));
        }
    }

    public ConvolutionSpec Spec { get; }

    /// <summary>Makes the int8 layer, when a kernel was generated for it.</summary>
    public LayerFactory? Kernel { get; }

    /// <summary>The batch norm that the weights hold, for training; null when there is none.</summary>
    public UnfoldedBatchNorm? Unfolded { get; init; }

    public bool IsLinear => Type == LinearType;

    public LayerWeights Weights => _weights ?? throw new InvalidOperationException("The layer is int8; it has no float weights.");

    /// <summary>The same layer with other weights.</summary>
    public WeightedModule With(LayerWeights weights, UnfoldedBatchNorm? unfolded) => new(Spec, weights, IsLinear, Kernel) { Unfolded = unfolded };

    /// <summary>The same layer with a generated kernel, or with the generic one.</summary>
    /// <exception cref="ArgumentException">The kernel was generated for another shape.</exception>
    public WeightedModule WithKernel(LayerFactory? kernel) => kernel is null || SpecText.Of(kernel.Spec) == SpecText.Of(Spec)
        ? new(Spec, _weights, IsLinear, kernel) { Unfolded = Unfolded }
        : throw new ArgumentException($"The generated kernel {kernel.Name} is of a {SpecText.Of(kernel.Spec)}, but the layer is a {SpecText.Of(Spec)}.", nameof(kernel));

    internal override int OutputChannels(ReadOnlySpan<int> inputs) =>
        inputs[0] == Spec.InChannels || inputs[0] == 0
            ? Spec.OutChannels
            : throw new ArgumentException($"The layer reads {Spec.InChannels} channels, but its input has {inputs[0]}.", nameof(inputs));

    internal override Operator Float() => new FloatOperator(IsLinear
        ? new FloatLinear(Weights.Weight, Weights.Bias, Spec.Activation)
        : new FloatConvolution(Spec, Weights.Weight, Weights.Bias));

    internal override QuantizedLayerWeights Quantize(IObserver observer) =>
        new(WeightQuantizer.Quantize(Weights.Weight, Spec, observer), Weights.Bias.ToArray());

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (LayerWeights.Misfit(Type, Spec, weights.Weight.Shape, weights.Bias.Length) is { } misfit)
        {
            throw new ArgumentException(misfit, nameof(weights));
        }

        return new QuantizedOperator(Kernel?.Create(weights.Weight, weights.Bias, inputs[0], output) ?? (IsLinear
            ? new GenericLinear(weights.Weight, weights.Bias, inputs[0], output, Spec.Activation)
            : new GenericConvolution(Spec, weights.Weight, weights.Bias, inputs[0], output)));
    }

    internal override ModuleArguments Arguments() => new ModuleArguments()
        .With("in_channels", Spec.InChannels)
        .With("out_channels", Spec.OutChannels)
        .With("kernel_height", Spec.KernelHeight)
        .With("kernel_width", Spec.KernelWidth)
        .With("stride_height", Spec.StrideHeight)
        .With("stride_width", Spec.StrideWidth)
        .With("padding_height", Spec.PaddingHeight)
        .With("padding_width", Spec.PaddingWidth)
        .With("output_padding_height", Spec.OutputPaddingHeight)
        .With("output_padding_width", Spec.OutputPaddingWidth)
        .With("dilation_height", Spec.DilationHeight)
        .With("dilation_width", Spec.DilationWidth)
        .With("groups", Spec.Groups)
        .With("bias", Spec.HasBias)
        .With("activation", Spec.Activation)
        .With("negative_slope", Spec.NegativeSlope);

    internal override void WriteTensors(SafetensorsWriter writer, string prefix, bool isQuantized)
    {
        if (!isQuantized)
        {
            Shape4 shape = Spec.WeightShape;
            writer.Add(prefix + "weight", [shape.N, shape.C, shape.H, shape.W], Weights.Weight.Data);
            if (Spec.HasBias)
            {
                writer.Add(prefix + "bias", [Spec.OutChannels], Weights.Bias);
            }
        }
    }
}
