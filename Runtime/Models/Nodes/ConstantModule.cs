using System;
using Kernels.Layers;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A tensor that does not depend on the input.</summary>
internal sealed class ConstantModule(FloatTensor value) : Module(TypeName)
{
    public const string TypeName = "Constant";

    /// <summary>The layer in float.</summary>
    public FloatConstant Layer { get; } = new(value);

    internal override int OutputChannels(ReadOnlySpan<int> inputs) => value.Shape.C;

    internal override Operator Float() => new FloatOperator(Layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new QuantizedOperator(new QuantizedConstant(value, inputs[0], output));

    internal override ModuleArguments Arguments() =>
        new ModuleArguments().With("batch", value.Shape.N).With("channels", value.Shape.C).With("height", value.Shape.H).With("width", value.Shape.W);

    internal override void WriteTensors(SafetensorsWriter writer, string prefix, bool isQuantized) =>
        writer.Add(prefix + "value", [value.Shape.N, value.Shape.C, value.Shape.H, value.Shape.W], value.ToNchw());
}
