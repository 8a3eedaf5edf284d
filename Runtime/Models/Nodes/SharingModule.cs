using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A layer with one input and no weights, whose output keeps the input's scale and zero point where nothing else is asked for.</summary>
/// <param name="type">PyTorch's name.</param>
/// <param name="arguments">What it is made with.</param>
/// <param name="layer">The float layer.</param>
/// <param name="quantized">Makes the int8 layer from the one quantization of input and output.</param>
internal sealed class SharingModule(
    string type,
    ModuleArguments arguments,
    FloatLayer layer,
    Func<QuantizationParameters, IQuantizedLayer> quantized) : Module(type)
{
    /// <summary>The float layer.</summary>
    public FloatLayer Layer => layer;

    internal override bool SharesQuantization => true;

    internal override bool CanRequantize => Requantizing is not null;

    /// <summary>Makes the int8 layer from two quantizations, of input and output; null where it only moves codes.</summary>
    public Func<QuantizationParameters, QuantizationParameters, IQuantizedLayer>? Requantizing { get; init; }

    /// <summary>Whether channels become pixels of a row, so that their number depends on the image.</summary>
    public bool Flattens { get; init; }

    /// <summary>Channels of the output from those of the input, where they are others.</summary>
    public Func<int, int>? Channels { get; init; }

    /// <summary>How channels of output and input belong together. By default all keep their scale.</summary>
    public ChannelTie? Ties { get; init; }

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        if (Ties is null)
        {
            base.TieChannels(ties, inputs, output);
        }
        else
        {
            Ties(ties, inputs[0], output);
        }
    }

    internal override int OutputChannels(ReadOnlySpan<int> inputs) => Flattens ? 0 : Channels is null || inputs[0] == 0 ? inputs[0] : Channels(inputs[0]);

    internal override Operator Float() => new FloatOperator(layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        inputs[0] == output ? new QuantizedOperator(quantized(output))
            : Requantizing is not null ? new QuantizedOperator(Requantizing(inputs[0], output))
            : throw new ArgumentException($"A layer of the type {Type} keeps the scale and zero point of its input, {inputs[0]}, but was given {output}.", nameof(output));

    internal override ModuleArguments Arguments() => arguments;
}
