using System;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Training.Nodes;

/// <summary>A layer with two inputs and no weights.</summary>
/// <param name="module">What the node was before training.</param>
/// <param name="layer">Its float layer.</param>
internal sealed class BinaryNode(Module module, IFloatBinaryLayer layer) : TrainableNode
{
    private readonly TensorBuffer _output = new();
    private readonly TensorBuffer _firstGradient = new();
    private readonly TensorBuffer _secondGradient = new();
    private FloatTensor[] _inputs = [];

    public override Module Layer => module;

    public override FloatTensor Forward(FloatTensor[] inputs)
    {
        _inputs = inputs;
        (FloatTensor first, FloatTensor second) = (inputs[0], inputs[1]);
        FloatTensor output = _output.Take(layer.OutputShape(first.Shape, second.Shape));
        layer.Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
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
        layer.Backward(first, second, _output.Take(outputGradient.Shape), outputGradient, firstGradient, secondGradient);
        inputGradients[0] = firstGradient;
        inputGradients[1] = secondGradient;
    }
}
