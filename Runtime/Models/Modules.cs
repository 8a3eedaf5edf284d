using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>Makes the layers that a <see cref="ModelBuilder"/> takes, with PyTorch's parameter names and defaults.</summary>
public static partial class Modules
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

    /// <summary>
    /// PyTorch's QuantStub: here the model turns to int8. A model with stubs is int8 between them only; one without turns by
    /// itself wherever configurations ask for it.
    /// </summary>
    /// <returns>The layer.</returns>
    public static Module QuantStub() => new StubModule(quantizes: true);

    /// <summary>PyTorch's DeQuantStub: here the model turns back to float.</summary>
    /// <returns>The layer.</returns>
    public static Module DeQuantStub() => new StubModule(quantizes: false);
}
