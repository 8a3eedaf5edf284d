using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Sum, product, difference or quotient of two inputs.</summary>
/// <param name="function">Which.</param>
/// <param name="relu">Whether negative results become 0.</param>
internal sealed class BinaryModule(BinaryFunction function, bool relu) : Module(function.ToString())
{
    public const string AddType = nameof(BinaryFunction.Add);
    public const string MulType = nameof(BinaryFunction.Mul);
    public const string SubType = nameof(BinaryFunction.Sub);
    public const string DivType = nameof(BinaryFunction.Div);

    /// <summary>What it computes.</summary>
    public BinaryFunction Function => function;

    /// <summary>Whether negative results become 0.</summary>
    public bool HasRelu => relu;

    /// <summary>The float layer.</summary>
    public FloatBinaryLayer Layer { get; } = function switch
    {
        BinaryFunction.Add => new FloatAdd(relu),
        BinaryFunction.Mul => new FloatMul(relu),
        BinaryFunction.Sub => new FloatSub(relu),
        _ => new FloatDiv(relu),
    };

    internal override int InputCount => 2;

    /// <summary>The same with a ReLU behind it.</summary>
    public BinaryModule WithRelu() => new(function, relu: true);

    internal override int OutputChannels(ReadOnlySpan<int> inputs) => SpreadChannels.Of(inputs);

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        if (function is BinaryFunction.Add or BinaryFunction.Sub)
        {
            ties.Tie(inputs[0], output);
            ties.Tie(inputs[1], output);
            return;
        }

        // Of a product one factor keeps its scale: a gate, which is small, or the second. A divisor always does.
        bool isSecondKept = function == BinaryFunction.Div || ties.Pixels(inputs[1]) <= ties.Pixels(inputs[0]);
        ties.Pin(inputs[isSecondKept ? 1 : 0]);
        ties.Tie(inputs[isSecondKept ? 0 : 1], output);
    }

    internal override Operator Float() => new BinaryOperator<float>(Layer);

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new BinaryOperator<byte>(function switch
        {
            BinaryFunction.Add => new QuantizedAdd(inputs[0], inputs[1], output, relu),
            BinaryFunction.Mul => new QuantizedMul(inputs[0], inputs[1], output, relu),
            BinaryFunction.Sub => new QuantizedSub(inputs[0], inputs[1], output, relu),
            _ => (IBinaryLayer<byte>)new QuantizedDiv(inputs[0], inputs[1], output, relu),
        });

    internal override ModuleArguments Arguments() => new ModuleArguments().With("relu", relu);
}
