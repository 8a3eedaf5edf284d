using System;
using Kernels.Layers;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A layer with one input and no weights, whose output has its own scale.</summary>
/// <param name="type">PyTorch's name.</param>
/// <param name="arguments">What it is made with.</param>
/// <param name="layer">The float layer.</param>
/// <param name="quantized">Makes the int8 layer from the quantization of input and output.</param>
internal sealed class UnaryModule(
    string type,
    ModuleArguments arguments,
    FloatLayer layer,
    Func<QuantizationParameters, QuantizationParameters, IQuantizedLayer> quantized) : Module(type)
{
    /// <summary>The float layer.</summary>
    public FloatLayer Layer => layer;

    public QuantizationParameters? FixedParameters { get; init; }

    internal override QuantizationParameters? FixedOutput => FixedParameters;

    internal override Operator Float() => new FloatOperator(layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new QuantizedOperator(quantized(inputs[0], output));

    internal override ModuleArguments Arguments() => arguments;
}
