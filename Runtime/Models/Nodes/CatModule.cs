using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Concatenation.</summary>
internal sealed class CatModule : Module
{
    public const string TypeName = "Cat";

    private readonly bool _shares;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">Axis in NCHW order.</param>
    /// <param name="shares">Whether inputs and output have one scale.</param>
    public CatModule(int axis, bool shares)
        : base(TypeName)
    {
        Layer = new FloatCat(axis);
        _shares = shares;
    }

    /// <summary>The float layer.</summary>
    public FloatCat Layer { get; }

    internal override int InputCount => 0;

    internal override bool SharesQuantization => _shares;

    internal override int OutputChannels(ReadOnlySpan<int> inputs)
    {
        long sum = 0;
        foreach (int channels in inputs)
        {
            if (channels == 0)
            {
                return 0;
            }

            if (Layer.Axis != 1 && channels != inputs[0])
            {
                throw new ArgumentException($"Inputs may differ along axis {Layer.Axis} only, but have {inputs[0]} and {channels} channels.", nameof(inputs));
            }

            sum += channels;
        }

        return Layer.Axis != 1 ? inputs[0]
            : sum <= Limits.RuntimeChannels ? (int)sum
            : throw new ArgumentException($"The inputs have {sum} channels in all, but a layer has at most {Limits.RuntimeChannels}.", nameof(inputs));
    }

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        int first = 0;
        foreach (int input in inputs)
        {
            for (int channel = 0; channel < ties.Channels(input); channel++)
            {
                ties.Tie(input, channel, output, first + channel);
            }

            first += Layer.Axis == 1 ? ties.Channels(input) : 0;
        }
    }

    internal override Operator Float() => new FloatCatOperator(Layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new QuantizedCatOperator(new QuantizedCat(Layer.Axis, inputs, output));

    internal override ModuleArguments Arguments() => new ModuleArguments().With("axis", Layer.Axis).With("shares", _shares);
}
