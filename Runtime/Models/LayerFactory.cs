using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// Makes one layer of a model: a name, a shape, and how the int8 layer comes from quantized weights. Models hold these
/// instead of types, so that nothing needs reflection.
/// </summary>
public abstract class LayerFactory
{
    private protected LayerFactory(string name, ConvolutionSpec spec)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Spec = spec;
    }

    /// <summary>The layer's name in messages and files.</summary>
    public string Name { get; }

    /// <summary>The layer's shape.</summary>
    public ConvolutionSpec Spec { get; }

    /// <summary>Whether it makes linear layers, which run over rows.</summary>
    internal virtual bool IsLinear => false;

    /// <summary>The factory of a generated layer.</summary>
    /// <typeparam name="TLayer">The generated class.</typeparam>
    /// <param name="name">The layer's name in messages and files, usually the class's.</param>
    /// <returns>The factory.</returns>
    public static LayerFactory For<TLayer>(string name)
        where TLayer : class, IQuantizedConvolution<TLayer> => new GeneratedLayer<TLayer>(name);

    /// <summary>The factory of a linear layer whose kernel is that of a 1x1 convolution: it runs over rows, which share register tiles.</summary>
    /// <typeparam name="TLayer">The generated class.</typeparam>
    /// <param name="name">The layer's name in messages and files.</param>
    /// <returns>The factory.</returns>
    public static LayerFactory ForLinear<TLayer>(string name)
        where TLayer : class, IQuantizedConvolution<TLayer> => new GeneratedLinear<TLayer>(name);

    /// <summary>The factory of a layer that has no generated class: the generic kernel runs it, slower but to the same bytes.</summary>
    /// <param name="name">The layer's name in messages and files.</param>
    /// <param name="spec">The layer's shape.</param>
    /// <returns>The factory.</returns>
    public static LayerFactory Generic(string name, ConvolutionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new GenericLayer(name, spec);
    }

    /// <summary>Makes the int8 layer.</summary>
    /// <param name="weight">Int8 weights in PyTorch's order, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions of <see cref="ConvolutionSpec.Epilogue"/> with their data; null where the layer has none.</param>
    /// <returns>The layer; an <see cref="IResidualLayer"/> where its epilogue adds a second input.</returns>
    /// <exception cref="ArgumentException">Weight or bias does not have the layer's shape, or the epilogue is another one than the layer's.</exception>
    public abstract IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue = null);

    private sealed class GenericLayer(string name, ConvolutionSpec spec) : LayerFactory(name, spec)
    {
        public override IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue) =>
            GenericConvolution.Create(Spec, weight, bias, input, output, epilogue);
    }

    private sealed class GeneratedLayer<TLayer>(string name) : LayerFactory(name, TLayer.Spec)
        where TLayer : class, IQuantizedConvolution<TLayer>
    {
        public override IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue) =>
            TLayer.Create(weight, bias, input, output, epilogue) ?? throw new InvalidOperationException($"{typeof(TLayer)}.Create returned null, which is no layer.");
    }

    private sealed class GeneratedLinear<TLayer>(string name) : LayerFactory(name, TLayer.Spec)
        where TLayer : class, IQuantizedConvolution<TLayer>
    {
        internal override bool IsLinear => true;

        public override IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        {
            // A kernel with a second input reads it as it lies, image by image.
            IQuantizedLayer kernel = TLayer.Create(weight, bias, input, output, epilogue);
            return kernel is IResidualLayer ? kernel : new RowsLayer(kernel, TLayer.Spec);
        }
    }

    private sealed class RowsLayer(IQuantizedLayer kernel, ConvolutionSpec spec) : IQuantizedLayer
    {
        public QuantizationParameters InputQuantization => kernel.InputQuantization;

        public QuantizationParameters OutputQuantization => kernel.OutputQuantization;

        public Shape4 OutputShape(Shape4 input) => kernel.OutputShape(input);

        public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output) =>
            LinearRows.Run(kernel, spec, input, batch, height, width, output);
    }
}
