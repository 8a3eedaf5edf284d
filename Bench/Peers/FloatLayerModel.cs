using Kernels.Bench.Onnx;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Layers;

namespace Kernels.Bench.Peers;

/// <summary>The ONNX model of one float layer, for the peers that read such files.</summary>
internal static class FloatLayerModel
{
    /// <summary>The file's bytes: input x, output y, weights and bias as constants.</summary>
    public static byte[] Of(LayerData data)
    {
        ShapeRow row = data.Row;
        ConvolutionSpec spec = row.Spec;
        Shape4 weight = spec.WeightShape;
        var graph = new OnnxGraph();
        graph.Input("x", OnnxType.Float, row.Input);
        graph.Output("y", OnnxType.Float, row.Output);
        graph.Constant<float>("w", OnnxType.Float, [weight.N, weight.C, weight.H, weight.W], data.RealWeight);
        graph.Constant<float>("b", OnnxType.Float, [spec.OutChannels], data.RealBias);
        graph.Convolution(spec, ["x", "w", "b"], "y");
        return graph.ToArray();
    }
}
