using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A layer with one input, whose output has its own scale, or which stays float.</summary>
/// <param name="type">PyTorch's name.</param>
/// <param name="arguments">What it is made with.</param>
/// <param name="layer">The float layer.</param>
/// <param name="quantized">Makes the int8 layer from the quantization of input and output; null for a layer that has none.</param>
internal sealed class UnaryModule(
    string type,
    ModuleArguments arguments,
    FloatLayer layer,
    Func<QuantizationParameters, QuantizationParameters, IQuantizedLayer>? quantized) : Module(type)
{
    /// <summary>The float layer.</summary>
    public FloatLayer Layer => layer;

    public QuantizationParameters? FixedParameters { get; init; }

    /// <summary>Numbers that the layer was made with, one a channel or one for all, by name.</summary>
    public (string Name, float[] Values)[] Tensors { get; init; } = [];

    /// <summary>The only number of channels that the layer can read; 0 for any.</summary>
    public int Channels { get; init; }

    /// <summary>Whether a positive factor of a channel is one of its output too.</summary>
    public bool IsHomogeneous { get; init; }

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        if (IsHomogeneous)
        {
            ties.Tie(inputs[0], output);
        }
        else
        {
            base.TieChannels(ties, inputs, output);
        }
    }

    internal override bool IsFloatOnly => quantized is null;

    internal override QuantizationParameters? FixedOutput => FixedParameters;

    internal override int OutputChannels(ReadOnlySpan<int> inputs) =>
        Channels == 0 || inputs[0] == 0 || inputs[0] == Channels
            ? Math.Max(inputs[0], Channels)
            : throw new ArgumentException($"The layer reads {Channels} channels, but its input has {inputs[0]}.", nameof(inputs));

    internal override Operator Float() => new FloatOperator(layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new QuantizedOperator(quantized is null ? throw FloatOnly() : quantized(inputs[0], output));

    internal override ModuleArguments Arguments() => arguments;

    internal override void WriteTensors(SafetensorsWriter writer, string prefix, bool isQuantized)
    {
        foreach ((string name, float[] values) in Tensors)
        {
            writer.Add(prefix + name, [values.Length], values);
        }
    }
}
