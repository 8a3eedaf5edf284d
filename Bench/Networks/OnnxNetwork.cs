using System;
using System.Collections.Generic;
using Kernels.Bench.Onnx;
using Kernels.Layers;

namespace Kernels.Bench.Networks;

/// <summary>A float network in ONNX Runtime.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly OnnxSession _session;
    private readonly Shape4 _shape;
    private readonly float[] _output;

    /// <summary>Makes the network.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="input">Its input.</param>
    /// <param name="outputShape">Shape of its output.</param>
    public OnnxNetwork(IReadOnlyList<NetworkLayer> layers, FloatTensor input, Shape4 outputShape)
    {
        var graph = new OnnxGraph();
        graph.Input("x", OnnxType.Float, input.Shape);
        graph.Output("y", OnnxType.Float, outputShape);
        string from = "x";
        for (int i = 0; i < layers.Count; i++)
        {
            ConvolutionSpec spec = layers[i].Spec;
            Shape4 weight = spec.WeightShape;
            bool isLast = i == layers.Count - 1;
            graph.Constant<float>($"w{i}", OnnxType.Float, [weight.N, weight.C, weight.H, weight.W], layers[i].Weights.Weight.Data);
            graph.Constant<float>($"b{i}", OnnxType.Float, [spec.OutChannels], layers[i].Weights.Bias);
            string sum = spec.Activation == Activation.None && isLast ? "y" : $"sum{i}";
            graph.Convolution(spec, [from, $"w{i}", $"b{i}"], sum);
            from = sum;
            if (spec.Activation == Activation.LeakyRelu)
            {
                from = isLast ? "y" : $"layer{i}";
                graph.Node("LeakyRelu", [sum], from, OnnxGraph.Attribute("alpha", spec.NegativeSlope));
            }
            else if (spec.Activation != Activation.None)
            {
                throw new NotSupportedException($"The bench writes no ONNX node for {spec.Activation}.");
            }
        }

        _shape = outputShape;
        _output = new float[outputShape.Count];
        _session = OnnxSession.Create(graph.ToArray(), input.ToNchw(), input.Shape, _output, outputShape);
    }

    /// <summary>The output of the last run.</summary>
    public FloatTensor Output => FloatTensor.FromNchw(_shape, _output);

    /// <summary>Runs the network.</summary>
    public void Run() => _session.Run();

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
