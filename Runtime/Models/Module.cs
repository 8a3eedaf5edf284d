using System;
using Kernels.Models.Balancing;
using Kernels.Models.Nodes;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// What a node of a model computes, in float32 and in int8; with its float weights, if it has any. <see cref="Modules"/> makes them.
/// </summary>
public abstract class Module
{
    private protected Module(string type) => Type = type;

    /// <summary>PyTorch's name of the type, for example <c>Conv2d</c>, as <see cref="QConfigMapping.SetObjectType(string, QConfig?)"/> takes it.</summary>
    public string Type { get; }

    /// <summary>The number of inputs; 0 for any.</summary>
    internal virtual int InputCount => 1;

    /// <summary>Whether the output keeps the scale and zero point of the inputs.</summary>
    internal virtual bool SharesQuantization => false;

    /// <summary>Whether the output may have a scale and zero point of its own all the same, with the one rounding that the layer does anyway.</summary>
    internal virtual bool CanRequantize => false;

    /// <summary>Whether there is no int8 form, so that the layer stays float whatever a configuration says.</summary>
    internal virtual bool IsFloatOnly => false;

    /// <summary>The scale and zero point that PyTorch fixes for the output.</summary>
    internal virtual QuantizationParameters? FixedOutput => null;

    /// <summary>Channels of the output; 0 when they depend on the image.</summary>
    /// <param name="inputs">Channels of each input, 0 for unknown.</param>
    /// <exception cref="ArgumentException">The layer cannot read so many channels.</exception>
    internal virtual int OutputChannels(ReadOnlySpan<int> inputs) => inputs[0];

    /// <summary>The float layer.</summary>
    internal abstract Operator Float();

    /// <summary>Quantizes the weights; null for a layer without.</summary>
    internal virtual QuantizedLayerWeights? Quantize(IObserver observer) => null;

    /// <summary>The int8 layer.</summary>
    /// <param name="weights">Int8 weights, for a layer that has weights.</param>
    /// <param name="inputs">Scale and zero point of each input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentException">They do not fit the layer.</exception>
    internal abstract Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output);

    /// <summary>
    /// Says which channels of inputs and output must have the same scale for the layer to compute the same: see <see cref="ChannelTies"/>. By default
    /// all keep theirs.
    /// </summary>
    /// <param name="ties">Receives it.</param>
    /// <param name="inputs">The values that the layer reads.</param>
    /// <param name="output">The value that it makes.</param>
    internal virtual void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        ties.Pin(output);
        foreach (int input in inputs)
        {
            ties.Pin(input);
        }
    }

    /// <summary>The layer that reads values divided by scales of their channels and gives its own divided likewise.</summary>
    /// <param name="inputs">Powers of two for the channels of each input, as <see cref="TieChannels"/> allows them.</param>
    /// <param name="output">Powers of two for the channels of the output.</param>
    internal virtual Module WithChannelScales(ReadOnlySpan<float[]> inputs, float[] output) => this;

    /// <summary>What the layer was made with, weights apart.</summary>
    internal abstract ModuleArguments Arguments();

    /// <summary>Writes the tensors that a converted model needs of this layer.</summary>
    /// <param name="writer">The file to come.</param>
    /// <param name="prefix">What the names start with.</param>
    /// <param name="isQuantized">Whether the layer became int8, so that its float weights are not needed.</param>
    internal virtual void WriteTensors(SafetensorsWriter writer, string prefix, bool isQuantized)
    {
    }

    /// <summary>What <see cref="Quantized"/> throws for a layer without int8 form: nothing asks for it.</summary>
    private protected InvalidOperationException FloatOnly() => new($"A layer of the type {Type} has no int8 form.");
}
