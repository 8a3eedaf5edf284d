using System;
using System.Collections.Generic;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Training.Nodes;

/// <summary>
/// A node whose output is rounded. Where its inputs are rounded as well and no range moves between them, the forward pass gives the very
/// codes of the int8 layer, because it runs it; gradients are those of the float node.
/// </summary>
internal sealed class FakeQuantizedNode(TrainableNode node, NodeRounding rounding) : TrainableNode
{
    private readonly QuantizationParameters[] _parameters = new QuantizationParameters[rounding.Inputs.Length];
    private readonly QuantizedTwin _twin = new(rounding.Inputs.Length);
    private readonly TensorBuffer _output = new();
    private readonly TensorBuffer _gradient = new();
    private FloatTensor? _real;

    public override IReadOnlyList<Parameter> Parameters => node.Parameters;

    public override Module Layer => node.Layer;

    /// <summary>The float node.</summary>
    public TrainableNode Inner => node;

    public override FloatTensor Forward(FloatTensor[] inputs)
    {
        _real = node.Forward(inputs);
        FloatTensor output = _output.Take(_real.Shape);
        rounding.Output.Forward(_real.Data, output.Data);
        if (node.RunsAsLayer && rounding.Output.IsRounded && node.Layer is var layer && HasInputs(layer.SharesQuantization))
        {
            _twin.Run(layer, inputs, _parameters, output, rounding.Output.Parameters, rounding.Output.FakeQuantize.Observer.Settings);
        }

        return output;
    }

    public override void Backward(FloatTensor outputGradient, Span<FloatTensor?> inputGradients)
    {
        FloatTensor gradient = _gradient.Take(outputGradient.Shape);
        rounding.Output.Backward(_real!.Data, outputGradient.Data, gradient.Data);
        node.Backward(gradient, inputGradients);
    }

    /// <summary>Whether all inputs are rounded as the int8 layer wants them; notes how.</summary>
    private bool HasInputs(bool asOutput)
    {
        bool has = true;
        for (int i = 0; i < _parameters.Length; i++)
        {
            _parameters[i] = rounding.Inputs[i].Parameters;
            has &= rounding.Inputs[i].IsRounded && (!asOutput || _parameters[i] == rounding.Output.Parameters);
        }

        return has;
    }
}
