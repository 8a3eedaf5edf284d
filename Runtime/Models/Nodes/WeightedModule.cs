using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models.Balancing;
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

    /// <summary>The functions of <see cref="ConvolutionSpec.Epilogue"/> with their data.</summary>
    public EpilogueStep[] Steps { get; init; } = [];

    /// <summary>
    /// With an epilogue, what its values are divided by behind the last function, one an output channel, so that the channels fill the codes alike;
    /// empty for nothing. Powers of two: then a float value loses no bit. See <see cref="FloatModel.BalanceChannels"/>.
    /// </summary>
    public float[] ChannelScales { get; init; } = [];

    /// <summary>Whether it ends with a function already.</summary>
    public bool HasEnd => Spec.Activation != Activation.None || !Spec.Epilogue.IsNone;

    public bool IsLinear => Type == LinearType;

    public LayerWeights Weights => _weights ?? throw new InvalidOperationException("The layer is int8; it has no float weights.");

    /// <summary>The same layer with other weights.</summary>
    public WeightedModule With(LayerWeights weights, UnfoldedBatchNorm? unfolded) =>
        new(Spec, weights, IsLinear, Kernel) { Unfolded = unfolded, Steps = Steps, ChannelScales = ChannelScales };

    /// <summary>The same layer with a generated kernel, or with the generic one.</summary>
    /// <exception cref="ArgumentException">The kernel was generated for another shape.</exception>
    public WeightedModule WithKernel(LayerFactory? kernel) => kernel is null || SpecText.Of(kernel.Spec) == SpecText.Of(Spec)
        ? new(Spec, _weights, IsLinear, kernel) { Unfolded = Unfolded, Steps = Steps, ChannelScales = ChannelScales }
        : throw new ArgumentException($"The generated kernel {kernel.Name} is of a {SpecText.Of(kernel.Spec)}, but the layer is a {SpecText.Of(Spec)}.", nameof(kernel));

    internal override int InputCount => Spec.Epilogue.HasAdd ? 2 : 1;

    internal override int OutputChannels(ReadOnlySpan<int> inputs)
    {
        if (inputs[0] != Spec.InChannels && inputs[0] != 0)
        {
            throw new ArgumentException($"The layer reads {Spec.InChannels} channels, but its input has {inputs[0]}.", nameof(inputs));
        }

        return inputs.Length == 1 || inputs[1] == Spec.OutChannels || inputs[1] == 0
            ? Spec.OutChannels
            : throw new ArgumentException($"The layer adds {inputs[1]} channels to its {Spec.OutChannels}.", nameof(inputs));
    }

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        // Weights take the scales of the input. Those of the output are theirs too, or the epilogue's, but for bounds of an activation.
        if (Spec.Activation == Activation.Relu6)
        {
            ties.Pin(output);
        }

        // What is added stands in the same units as the values between the functions.
        if (Spec.Epilogue.HasAdd)
        {
            if (IsHomogeneous)
            {
                ties.Tie(inputs[1], output);
            }
            else
            {
                ties.Pin(inputs[1]);
            }
        }
    }

    internal override Module WithChannelScales(ReadOnlySpan<float[]> inputs, float[] output)
    {
        // Positive factors pass these functions; behind others the epilogue divides.
        float[] inWeights = IsHomogeneous ? output : Ones(output.Length);
        LayerWeights weights = ScaledWeights.Of(Spec, Weights, inputs[0], inWeights);
        UnfoldedBatchNorm? unfolded = Unfolded is null ? null : new UnfoldedBatchNorm(
            ScaledWeights.Of(Spec, Unfolded.Weights, inputs[0], Ones(output.Length)), ScaledWeights.Of(Unfolded.BatchNorm, inWeights));
        float[] behind = [.. output];
        for (int channel = 0; channel < behind.Length; channel++)
        {
            behind[channel] *= (ChannelScales.Length == 0 ? 1 : ChannelScales[channel]) / inWeights[channel];
        }

        return new WeightedModule(Spec, weights, IsLinear, Kernel)
        {
            Unfolded = unfolded,
            Steps = Steps,
            ChannelScales = Array.TrueForAll(behind, static scale => scale == 1) ? [] : behind,
        };
    }

    private bool IsHomogeneous => Array.TrueForAll(Steps, static step => step.Function is EpilogueFunction.Relu or EpilogueFunction.LeakyRelu or EpilogueFunction.Add);

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }

    internal override Operator Float()
    {
        IFloatLayer layer = IsLinear
            ? new FloatLinear(Weights.Weight, Weights.Bias, Spec.Activation)
            : new FloatConvolution(Spec with { Epilogue = EpilogueSpec.None }, Weights.Weight, Weights.Bias);
        return Steps.Length == 0 ? new FloatOperator(layer) : new FusedFloatOperator(layer, Steps, ChannelScales, Spec.Epilogue.HasAdd);
    }

    internal override QuantizedLayerWeights Quantize(IObserver observer) =>
        new(WeightQuantizer.Quantize(Weights.Weight, Spec, observer), Weights.Bias.ToArray());

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (LayerWeights.Misfit(Type, Spec, weights.Weight.Shape, weights.Bias.Length) is { } misfit)
        {
            throw new ArgumentException(misfit, nameof(weights));
        }

        EpilogueParameters? epilogue = Spec.Epilogue.IsNone ? null : new EpilogueParameters(Steps, Spec.Epilogue.HasAdd ? inputs[1] : null, ChannelScales);
        IQuantizedLayer layer = Kernel?.Create(weights.Weight, weights.Bias, inputs[0], output, epilogue)
            ?? (!IsLinear ? GenericConvolution.Create(Spec, weights.Weight, weights.Bias, inputs[0], output, epilogue)
            : epilogue is null ? new GenericLinear(weights.Weight, weights.Bias, inputs[0], output, Spec.Activation)
            : GenericLinear.Create(weights.Weight, weights.Bias, inputs[0], output, epilogue));
        return layer is IResidualLayer residual ? new ResidualOperator(residual) : new QuantizedOperator(layer);
    }

    internal override ModuleArguments Arguments()
    {
        ModuleArguments arguments = ShapeArguments();
        arguments = Spec.Epilogue.IsNone ? arguments : arguments.With("epilogue", Spec.Epilogue.Text);
        return ChannelScales.Length == 0 ? arguments : arguments.With(EpilogueTensors.HasChannelScales, true);
    }

    private ModuleArguments ShapeArguments() => new ModuleArguments()
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
        EpilogueTensors.Write(writer, prefix, Steps, ChannelScales);
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
