using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Layers;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// An int8 model: quantized layers that run one after the other through two buffers of its own. It is a layer itself.
/// One instance runs one call at a time.
/// </summary>
public sealed class QuantizedSequence : IQuantizedLayer
{
    private readonly LayerFactory[] _factories;
    private readonly IQuantizedLayer[] _layers;
    private readonly QuantizedLayerWeights[] _weights;
    private readonly PingPong<byte> _buffers = new();

    /// <summary>Makes the layers.</summary>
    /// <param name="layers">How each layer is made, in the order in which they run.</param>
    /// <param name="weights">Weights for each.</param>
    /// <param name="activations">Scale and zero point of the input, then of each layer's output: one more than layers. Zero points are 0 to 255.</param>
    /// <exception cref="ArgumentException">The counts differ, a layer cannot read what the one before it writes, or weights do not have their layer's shape.</exception>
    public QuantizedSequence(IReadOnlyList<LayerFactory> layers, IReadOnlyList<QuantizedLayerWeights> weights, IReadOnlyList<QuantizationParameters> activations)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(activations);
        _factories = SequentialLayers.Checked(layers);
        SequentialLayers.CheckCount(_factories, weights.Count, nameof(weights));
        SequentialLayers.RequireAll(weights, nameof(weights));
        if (activations.Count != _factories.Length + 1)
        {
            throw new ArgumentException($"{_factories.Length} layers need {_factories.Length + 1} scales and zero points, the input's first, but got {activations.Count}.", nameof(activations));
        }

        _weights = [.. weights];
        _layers = new IQuantizedLayer[_factories.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            QuantizedLayerWeights weight = _weights[i];
            if (LayerWeights.Misfit(_factories[i], weight.Weight.Shape, weight.Bias.Length) is { } misfit)
            {
                throw new ArgumentException(misfit, nameof(weights));
            }

            _layers[i] = _factories[i].Create(weight.Weight, weight.Bias, CheckedActivation(activations[i]), CheckedActivation(activations[i + 1]));
        }
    }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<IQuantizedLayer> Layers => _layers;

    /// <summary>The weights of each layer.</summary>
    public IReadOnlyList<QuantizedLayerWeights> Weights => _weights;

    /// <inheritdoc/>
    public QuantizationParameters InputQuantization => _layers[0].InputQuantization;

    /// <inheritdoc/>
    public QuantizationParameters OutputQuantization => _layers[^1].OutputQuantization;

    /// <summary>How each layer is made.</summary>
    internal IReadOnlyList<LayerFactory> Factories => _factories;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layers">The model's layers; their names and shapes must be those in the file.</param>
    /// <returns>The model; it computes what the saved one did.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, of another version, or of another model; the message says which.</exception>
    public static QuantizedSequence Load(string path, IReadOnlyList<LayerFactory> layers)
    {
        SafetensorsFile file = SafetensorsFile.Load(path);
        try
        {
            return QuantizedSequenceFile.Read(file, layers);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes weights, scales and zero points to one safetensors file.</summary>
    /// <param name="path">The file, replaced if there is one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => QuantizedSequenceFile.Write(this).Save(path);

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => SequentialLayers.OutputShape(_factories, input);

    /// <inheritdoc/>
    /// <remarks>Allocates only when an image is larger than all before it.</remarks>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        var shape = new Shape4(batch, _factories[0].Spec.InChannels, height, width);
        int last = _layers.Length - 1;
        for (int i = 0; i < last; i++)
        {
            Shape4 next = _layers[i].OutputShape(shape);
            Span<byte> buffer = _buffers.Take(i, next.Count);
            _layers[i].Run(input, batch, shape.H, shape.W, buffer);
            input = buffer;
            shape = next;
        }

        _layers[last].Run(input, batch, shape.H, shape.W, output);
    }

    /// <summary>Runs the model over a quantized batch.</summary>
    /// <param name="input">The batch, with the scale and zero point of <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The input is quantized otherwise, or its shape does not fit.</exception>
    public QuantizedTensor Forward(QuantizedTensor input) => LayerForward.Run(this, input);

    /// <summary>Quantizes a float batch, runs the model, and restores floats.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public FloatTensor Forward(FloatTensor input) => Quantizer.Dequantize(Forward(Quantizer.Quantize(input, InputQuantization)));

    /// <summary>The same model with the generic kernels, which need no generated code: same bytes, slower. For comparison.</summary>
    /// <returns>A new model.</returns>
    public QuantizedSequence WithGenericKernels()
    {
        var activations = new QuantizationParameters[_layers.Length + 1];
        activations[0] = InputQuantization;
        for (int i = 0; i < _layers.Length; i++)
        {
            activations[i + 1] = _layers[i].OutputQuantization;
        }

        return new QuantizedSequence(Array.ConvertAll(_factories, static f => LayerFactory.Generic(f.Name, f.Spec)), _weights, activations);
    }

    /// <summary>The same model as a graph, with the same names as in <see cref="QuantizedSequentialModel.Graph"/>; for comparison.</summary>
    /// <returns>A new model, which computes the same.</returns>
    public QuantizedModel ToModel()
    {
        ModelNode[] nodes = SequentialLayers.Nodes(_factories, i => new WeightedModule(_factories[i].Spec, null, kernel: _factories[i]));
        var converted = new ConvertedNode[nodes.Length];
        var parameters = new QuantizationParameters?[nodes.Length + 1];
        parameters[0] = InputQuantization;
        for (int i = 0; i < nodes.Length; i++)
        {
            converted[i] = new ConvertedNode(nodes[i], IsQuantized: true, _weights[i]);
            parameters[i + 1] = _layers[i].OutputQuantization;
        }

        return new QuantizedModel(_factories[0].Spec.InChannels, converted, parameters);
    }

    private static QuantizationParameters CheckedActivation(QuantizationParameters activation) =>
        activation.Scale > 0 && activation.ZeroPoint >= 0
            ? activation
            : throw new ArgumentException($"Activations need a positive scale and a zero point of 0 to 255, but got {activation}.", nameof(activation));
}
