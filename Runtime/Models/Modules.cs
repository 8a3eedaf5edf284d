using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>Makes the layers that a <see cref="ModelBuilder"/> takes, with PyTorch's parameter names and defaults.</summary>
public static class Modules
{
    /// <summary>A Conv2d with the generic kernel.</summary>
    /// <param name="weights">Weights <c>[out, in / groups, kernel height, kernel width]</c>, which say the channels and the kernel; with or without bias.</param>
    /// <param name="stride">Stride of both axes.</param>
    /// <param name="padding">Padding on all sides.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module Conv2d(LayerWeights weights, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        Shape4 shape = weights.Weight.Shape;
        return Convolution(
            new ConvolutionSpec
            {
                Kind = ConvolutionKind.Conv2d,
                InChannels = shape.C * groups,
                OutChannels = shape.N,
                KernelHeight = shape.H,
                KernelWidth = shape.W,
                StrideHeight = stride,
                StrideWidth = stride,
                PaddingHeight = padding,
                PaddingWidth = padding,
                DilationHeight = dilation,
                DilationWidth = dilation,
                Groups = groups,
                HasBias = !weights.Bias.IsEmpty,
            },
            weights);
    }

    /// <summary>A ConvTranspose2d with the generic kernel.</summary>
    /// <param name="weights">Weights <c>[in, out / groups, kernel height, kernel width]</c>, which say the channels and the kernel; with or without bias.</param>
    /// <param name="stride">Stride of both axes.</param>
    /// <param name="padding">Pixels taken off the output on all sides.</param>
    /// <param name="outputPadding">Rows and columns added at the bottom and right.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module ConvTranspose2d(LayerWeights weights, int stride = 1, int padding = 0, int outputPadding = 0, int groups = 1, int dilation = 1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        Shape4 shape = weights.Weight.Shape;
        return Convolution(
            new ConvolutionSpec
            {
                Kind = ConvolutionKind.ConvTranspose2d,
                InChannels = shape.N,
                OutChannels = shape.C * groups,
                KernelHeight = shape.H,
                KernelWidth = shape.W,
                StrideHeight = stride,
                StrideWidth = stride,
                PaddingHeight = padding,
                PaddingWidth = padding,
                OutputPaddingHeight = outputPadding,
                OutputPaddingWidth = outputPadding,
                DilationHeight = dilation,
                DilationWidth = dilation,
                Groups = groups,
                HasBias = !weights.Bias.IsEmpty,
            },
            weights);
    }

    /// <summary>Any convolution or transposed convolution, with the generic kernel.</summary>
    /// <param name="spec">Its shape and fused activation. The weight scheme has no effect: configurations say how weights are quantized.</param>
    /// <param name="weights">Weights of that shape.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer, or the weights do not have its shape.</exception>
    public static Module Convolution(ConvolutionSpec spec, LayerWeights weights)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weights);
        ConvolutionChecks.Check(spec, weights.Weight.Shape);
        return new WeightedModule(spec, weights);
    }

    /// <summary>A convolution whose int8 kernel was generated.</summary>
    /// <typeparam name="TLayer">The annotated class.</typeparam>
    /// <param name="weights">Weights of its shape.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The weights do not have the layer's shape.</exception>
    public static Module Generated<TLayer>(LayerWeights weights)
        where TLayer : class, IQuantizedConvolution<TLayer>
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new WeightedModule(TLayer.Spec, weights, kernel: LayerFactory.For<TLayer>(typeof(TLayer).Name));
    }

    /// <summary>A Linear over channels: every pixel of every image is a row of its own. <see cref="Flatten"/> makes an image one row.</summary>
    /// <param name="weights">Weights <c>[out, in]</c>, with or without bias.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The weights have more than two dimensions.</exception>
    public static Module Linear(LayerWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shape4 shape = weights.Weight.Shape;
        return new WeightedModule(ConvolutionSpecs.Linear(shape.C, shape.N, !weights.Bias.IsEmpty), weights, isLinear: true);
    }

    /// <summary>A BatchNorm2d with running statistics. <see cref="FloatModel.Fuse"/> folds it into the convolution before it.</summary>
    /// <param name="parameters">What it knows of each channel.</param>
    /// <returns>The layer.</returns>
    public static Module BatchNorm2d(BatchNormParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new BatchNormModule(parameters);
    }

    /// <summary><c>max(x, 0)</c>. <see cref="FloatModel.Fuse"/> fuses it into the layer before it.</summary>
    /// <returns>The layer.</returns>
    public static Module ReLU() => new SharingModule("ReLU", new(), new FloatRelu(), static q => new QuantizedRelu(q));

    /// <summary><c>min(max(x, 0), 6)</c>. <see cref="FloatModel.Fuse"/> fuses it into the layer before it.</summary>
    /// <returns>The layer.</returns>
    public static Module ReLU6() => new SharingModule("ReLU6", new(), new FloatRelu6(), static q => new QuantizedRelu6(q));

    /// <summary><c>x</c> above zero, <c>negativeSlope * x</c> below. <see cref="FloatModel.Fuse"/> fuses it into the convolution before it.</summary>
    /// <param name="negativeSlope">Slope below zero.</param>
    /// <returns>The layer.</returns>
    public static Module LeakyReLU(float negativeSlope = 0.01f) => new UnaryModule(
        "LeakyReLU",
        new ModuleArguments().With("negative_slope", negativeSlope),
        new FloatLeakyRelu(negativeSlope),
        (input, output) => new QuantizedLeakyRelu(input, output, negativeSlope));

    /// <summary><c>1 / (1 + exp(-x))</c>; its int8 output has PyTorch's fixed scale 1/256 unless a configuration fixes another.</summary>
    /// <returns>The layer.</returns>
    public static Module Sigmoid() =>
        new UnaryModule("Sigmoid", new(), new FloatSigmoid(), static (input, output) => new QuantizedSigmoid(input, output)) { FixedParameters = QuantizedSigmoid.FixedOutput };

    /// <summary>Hyperbolic tangent; its int8 output has PyTorch's fixed scale 2/256 unless a configuration fixes another.</summary>
    /// <returns>The layer.</returns>
    public static Module Tanh() =>
        new UnaryModule("Tanh", new(), new FloatTanh(), static (input, output) => new QuantizedTanh(input, output)) { FixedParameters = QuantizedTanh.FixedOutput };

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module Hardswish() => new UnaryModule("Hardswish", new(), new FloatHardSwish(), static (input, output) => new QuantizedHardSwish(input, output));

    /// <summary>Maximum of a window.</summary>
    /// <param name="spec">The window.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module MaxPool2d(PoolingSpec spec) => new SharingModule("MaxPool2d", Pooling(spec), new FloatMaxPool2d(spec), q => new QuantizedMaxPool2d(spec, q));

    /// <summary>Mean of a window.</summary>
    /// <param name="spec">The window.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The parameters do not make a layer.</exception>
    public static Module AvgPool2d(PoolingSpec spec) => new SharingModule("AvgPool2d", Pooling(spec), new FloatAvgPool2d(spec), q => new QuantizedAvgPool2d(spec, q));

    /// <summary>Mean of each channel over the whole image: PyTorch's <c>AdaptiveAvgPool2d(1)</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module GlobalAvgPool2d() => new SharingModule("AdaptiveAvgPool2d", new(), new FloatGlobalAvgPool2d(), static q => new QuantizedGlobalAvgPool2d(q));

    /// <summary>Nearest or bilinear upsampling.</summary>
    /// <param name="spec">Mode and output size.</param>
    /// <returns>The layer.</returns>
    public static Module Upsample(UpsampleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = new ModuleArguments()
            .With("mode", spec.Mode)
            .With("height", spec.Height)
            .With("width", spec.Width)
            .With("scale_height", spec.ScaleHeight)
            .With("scale_width", spec.ScaleWidth);
        return new SharingModule("Upsample", arguments, new FloatUpsample(spec), q => new QuantizedUpsample(spec, q));
    }

    /// <summary>Rows and columns cut off: PyTorch's <c>F.pad</c> with negative numbers.</summary>
    /// <param name="spec">How many on each side.</param>
    /// <returns>The layer.</returns>
    public static Module Crop(CropSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new SharingModule("Crop", Margins(spec.Left, spec.Right, spec.Top, spec.Bottom), new FloatCrop(spec), q => new QuantizedCrop(spec, q));
    }

    /// <summary>Rows and columns added.</summary>
    /// <param name="spec">How many on each side, and what they hold.</param>
    /// <returns>The layer.</returns>
    public static Module Pad(PadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = Margins(spec.Left, spec.Right, spec.Top, spec.Bottom).With("mode", spec.Mode).With("value", spec.Value);
        return new SharingModule("Pad", arguments, new FloatPad(spec), q => new QuantizedPad(spec, q));
    }

    /// <summary>Every image as one row of features, before a <see cref="Linear"/>: PyTorch's <c>torch.flatten(x, 1)</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module Flatten() => new SharingModule("Flatten", new(), new FloatFlatten(), static q => new QuantizedFlatten(q)) { Flattens = true };

    /// <summary>Sum of two inputs; the second may have height and width 1.</summary>
    /// <param name="relu">Whether negative sums become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Add(bool relu = false) => new BinaryModule(isProduct: false, relu);

    /// <summary>Product of two inputs; the second may have height and width 1, as channel weights have.</summary>
    /// <param name="relu">Whether negative products become 0.</param>
    /// <returns>The layer.</returns>
    public static Module Mul(bool relu = false) => new BinaryModule(isProduct: true, relu);

    /// <summary>Concatenation of any number of inputs.</summary>
    /// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <param name="sharesQuantization">
    /// Whether inputs and output have one observer and so one scale, as in PyTorch, which makes it a copy. Otherwise each input keeps
    /// its own scale and is requantized by a table, which is more accurate when their ranges differ much.
    /// </param>
    /// <returns>The layer.</returns>
    public static Module Cat(int axis = 1, bool sharesQuantization = true) => new CatModule(axis, sharesQuantization);

    /// <summary>
    /// PyTorch's QuantStub: here the model turns to int8. A model with stubs is int8 between them only; one without turns by
    /// itself wherever configurations ask for it.
    /// </summary>
    /// <returns>The layer.</returns>
    public static Module QuantStub() => new StubModule(quantizes: true);

    /// <summary>PyTorch's DeQuantStub: here the model turns back to float.</summary>
    /// <returns>The layer.</returns>
    public static Module DeQuantStub() => new StubModule(quantizes: false);

    private static ModuleArguments Margins(int left, int right, int top, int bottom) =>
        new ModuleArguments().With("left", left).With("right", right).With("top", top).With("bottom", bottom);

    private static ModuleArguments Pooling(PoolingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ModuleArguments()
            .With("kernel_height", spec.KernelHeight)
            .With("kernel_width", spec.KernelWidth)
            .With("stride_height", spec.StrideHeight)
            .With("stride_width", spec.StrideWidth)
            .With("padding_height", spec.PaddingHeight)
            .With("padding_width", spec.PaddingWidth)
            .With("dilation_height", spec.DilationHeight)
            .With("dilation_width", spec.DilationWidth)
            .With("ceil_mode", spec.CeilMode)
            .With("count_include_pad", spec.CountIncludePad)
            .With("divisor_override", spec.DivisorOverride);
    }
}
