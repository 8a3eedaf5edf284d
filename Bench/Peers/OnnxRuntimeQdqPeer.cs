using Kernels.Bench.Onnx;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Layers;

namespace Kernels.Bench.Peers;

/// <summary>
/// ONNX Runtime on a quantized model as exporters write it: DequantizeLinear before and QuantizeLinear after the layer. The runtime may fuse them
/// into an int8 layer or compute in float between them.
/// </summary>
internal sealed class OnnxRuntimeQdqPeer : IPeer
{
    /// <inheritdoc/>
    public string Name => "onnxruntime_qdq";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public Contestant Prepare(LayerData data) => new Layer(Name, data);

    private sealed class Layer : Contestant
    {
        private readonly LayerData _data;
        private readonly byte[] _output;
        private readonly OnnxSession _session;

        public Layer(string name, LayerData data)
        {
            Name = name;
            _data = data;
            ShapeRow row = data.Row;
            ConvolutionSpec spec = row.Spec;
            Shape4 weight = spec.WeightShape;
            var graph = new OnnxGraph();
            graph.Input("x", OnnxType.UInt8, row.Input);
            graph.Output("y", OnnxType.UInt8, row.Output);
            graph.Constant<sbyte>("w", OnnxType.Int8, [weight.N, weight.C, weight.H, weight.W], data.Weight);
            graph.Constant<int>("b", OnnxType.Int32, [spec.OutChannels], data.Bias);
            graph.Constant<float>("b_scale", OnnxType.Float, [], [data.InputQuantization.Scale * data.WeightStep]);
            graph.Constant<float>("x_scale", OnnxType.Float, [], [data.InputQuantization.Scale]);
            graph.Constant<byte>("x_zero", OnnxType.UInt8, [], [(byte)data.InputQuantization.ZeroPoint]);
            graph.Constant<float>("w_scale", OnnxType.Float, [], [data.WeightStep]);
            graph.Constant<sbyte>("w_zero", OnnxType.Int8, [], [0]);
            graph.Constant<float>("y_scale", OnnxType.Float, [], [data.OutputQuantization.Scale]);
            graph.Constant<byte>("y_zero", OnnxType.UInt8, [], [(byte)data.OutputQuantization.ZeroPoint]);
            graph.Node("DequantizeLinear", ["x", "x_scale", "x_zero"], "x_real");
            graph.Node("DequantizeLinear", ["w", "w_scale", "w_zero"], "w_real");
            graph.Node("DequantizeLinear", ["b", "b_scale"], "b_real");
            graph.Convolution(spec, ["x_real", "w_real", "b_real"], "y_real");
            graph.Node("QuantizeLinear", ["y_real", "y_scale", "y_zero"], "y");
            _output = new byte[row.Output.Count];
            byte[] input = new QuantizedTensor(row.Input, data.InputQuantization, data.Input).ToNchw();
            _session = OnnxSession.Create(graph.ToArray(), input, row.Input, _output, row.Output);
        }

        public override string Name { get; }

        public override void Run() => _session.Run();

        public override byte[] OutputCodes() => QuantizedTensor.FromNchw(_data.Row.Output, _data.OutputQuantization, _output).Data.ToArray();

        public override void Dispose() => _session.Dispose();
    }
}
