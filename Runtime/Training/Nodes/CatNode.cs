using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Training.Nodes;

/// <summary>Concatenation of a number of inputs.</summary>
internal sealed class CatNode : TrainableNode
{
    private readonly CatModule _layer;
    private readonly Shape4[] _shapes;
    private readonly TensorBuffer _output = new();
    private readonly TensorBuffer[] _gradients;

    public CatNode(CatModule layer, int inputs)
    {
        _layer = layer;
        _shapes = new Shape4[inputs];
        _gradients = new TensorBuffer[inputs];
        for (int i = 0; i < inputs; i++)
        {
            _gradients[i] = new TensorBuffer();
        }
    }

    public override Module Layer => _layer;

    public override FloatTensor Forward(FloatTensor[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            _shapes[i] = inputs[i].Shape;
        }

        FloatTensor output = _output.Take(_layer.Layer.OutputShape(_shapes));
        int offset = 0;
        foreach (FloatTensor input in inputs)
        {
            _layer.Layer.Write(input.Data, input.Shape, offset, output.Data, output.Shape);
            offset += Concatenation.Size(input.Shape, _layer.Layer.Axis);
        }

        return output;
    }

    public override void Backward(FloatTensor outputGradient, Span<FloatTensor?> inputGradients)
    {
        int offset = 0;
        for (int i = 0; i < inputGradients.Length; i++)
        {
            FloatTensor gradient = _gradients[i].Take(_shapes[i]);
            _layer.Layer.Backward(outputGradient, offset, gradient);
            offset += Concatenation.Size(gradient.Shape, _layer.Layer.Axis);
            inputGradients[i] = gradient;
        }
    }
}
