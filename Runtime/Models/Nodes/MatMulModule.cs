using System;
using Kernels.Layers;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Matrix product of two inputs, in float only.</summary>
internal sealed class MatMulModule() : Module(TypeName)
{
    public const string TypeName = "MatMul";

    /// <summary>The float layer.</summary>
    public FloatMatMul Layer { get; } = new();

    internal override int InputCount => 2;

    internal override bool IsFloatOnly => true;

    internal override int OutputChannels(ReadOnlySpan<int> inputs) => SpreadChannels.Of(inputs);

    internal override Operator Float() => new BinaryOperator<float>(Layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) => throw FloatOnly();

    internal override ModuleArguments Arguments() => new();
}
