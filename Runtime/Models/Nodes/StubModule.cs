using System;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Where a user wants a model to turn to int8, or back to float. It computes nothing: programs use its input in its place.</summary>
/// <param name="quantizes">Whether to int8.</param>
internal sealed class StubModule(bool quantizes) : Module(quantizes ? QuantizeType : DequantizeType)
{
    public const string QuantizeType = "QuantStub";
    public const string DequantizeType = "DeQuantStub";

    /// <summary>Whether the model turns to int8 here; otherwise to float.</summary>
    public bool Quantizes => quantizes;

    internal override bool SharesQuantization => true;

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output) => ties.Tie(inputs[0], output);

    internal override Operator Float() => throw new InvalidOperationException("A stub is no step.");

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) => Float();

    internal override ModuleArguments Arguments() => new();
}
