using System;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Training.Nodes;

/// <summary>Sum or product of two inputs.</summary>
internal sealed class BinaryNode(BinaryModule layer) : TrainableNode
{
    private readonly TensorBuffer _output = new();
    private readonly TensorBuffer _firstGradient = new();
    private readonly TensorBuffer _secondGradient = new();
    private FloatTensor[] _inputs = [];

    public override Module Layer => layer;

    public override FloatTensor Forward(FloatTensor[] inputs)
    {
        _inputs = inputs;
        (FloatTensor first, FloatTensor second) = (inputs[0], inputs[1]);
        FloatTensor output = _output.Take(first.Shape);
        layer.Layer.Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    public override void Backward(FloatTensor outputGradient, Span<FloatTensor?> inputGradients)
    {
        if (inputGradients.IsEmpty)
        {
            return;
        }

        (FloatTensor first, FloatTensor second) = (_inputs[0], _inputs[1]);
        (FloatTensor firstGradient, FloatTensor secondGradient) = (_firstGradient.Take(first.Shape), _secondGradient.Take(second.Shape));
        layer.Layer.Backward(first, second, _output.Take(first.Shape), outputGradient, firstGradient, secondGradient);
        inputGradients[0] = firstGradient;
        inputGradients[1] = secondGradient;
    }
}
