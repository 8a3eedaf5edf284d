using System;
using Kernels.Layers;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Sum or product of two inputs.</summary>
/// <param name="isProduct">Whether it is the product.</param>
/// <param name="relu">Whether negative results become 0.</param>
internal sealed class BinaryModule(bool isProduct, bool relu) : Module(isProduct ? MulType : AddType)
{
    public const string AddType = "Add";
    public const string MulType = "Mul";

    /// <summary>Whether negative results become 0.</summary>
    public bool HasRelu => relu;

    /// <summary>The float layer.</summary>
    public FloatBinaryLayer Layer { get; } = isProduct ? new FloatMul(relu) : new FloatAdd(relu);

    internal override int InputCount => 2;

    /// <summary>The same with a ReLU behind it.</summary>
    public BinaryModule WithRelu() => new(isProduct, relu: true);

    internal override int OutputChannels(ReadOnlySpan<int> inputs) =>
        inputs[0] == inputs[1] || inputs[0] == 0 || inputs[1] == 0
            ? Math.Max(inputs[0], inputs[1])
            : throw new ArgumentException($"Both inputs need the same channels, but have {inputs[0]} and {inputs[1]}.", nameof(inputs));

    internal override Operator Float() => new BinaryOperator<float>(Layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new BinaryOperator<byte>(isProduct ? new QuantizedMul(inputs[0], inputs[1], output, relu) : new QuantizedAdd(inputs[0], inputs[1], output, relu));

    internal override ModuleArguments Arguments() => new ModuleArguments().With("relu", relu);
}
