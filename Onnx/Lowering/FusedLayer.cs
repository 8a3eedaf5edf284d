using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Onnx.Lowering;

/// <summary>A layer of a model whose functions are fused, or of a converted one, with shapes for one input.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="Spec">Its convolution; null where it is none.</param>
/// <param name="Input">Shape of its first input.</param>
/// <param name="Output">Shape of its output.</param>
internal sealed record FusedLayer(string Name, string Type, ConvolutionSpec? Spec, Shape4 Input, Shape4 Output)
{
    /// <summary>The layers of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Shape of its input.</param>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public static IReadOnlyList<FusedLayer> Of(FloatModel model, Shape4 input) => Of(model.FuseEpilogues().Nodes, input);

    /// <summary>The layers of a converted model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Shape of its input.</param>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public static IReadOnlyList<FusedLayer> Of(QuantizedModel model, Shape4 input) => Of(Array.ConvertAll(model.Nodes, static node => node.Node), input);

    private static FusedLayer[] Of(ModelNode[] nodes, Shape4 input)
    {
        var shapes = new Shape4[nodes.Length + 1];
        shapes[0] = input;
        var layers = new FusedLayer[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            Shape4[] inputs = Array.ConvertAll(nodes[i].Inputs, value => shapes[value]);
            shapes[i + 1] = nodes[i].Layer switch
            {
                StubModule => inputs[0],
                WeightedModule layer => layer.Spec.OutputShape(inputs[0]),
                var layer => layer.Float().OutputShape(inputs),
            };
            layers[i] = new FusedLayer(nodes[i].Name, nodes[i].Layer.Type, (nodes[i].Layer as WeightedModule)?.Spec, inputs[0], shapes[i + 1]);
        }

        return layers;
    }
}
