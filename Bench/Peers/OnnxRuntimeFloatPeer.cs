using Kernels.Bench.Onnx;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Peers;

/// <summary>ONNX Runtime in float32: one Conv or ConvTranspose node over NCHW data.</summary>
internal sealed class OnnxRuntimeFloatPeer : IPeer
{
    /// <inheritdoc/>
    public string Name => "onnxruntime_f32";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public Contestant Prepare(LayerData data) => new Layer(Name, data);

    private sealed class Layer : Contestant
    {
        private readonly LayerData _data;
        private readonly float[] _output;
        private readonly OnnxSession _session;

        public Layer(string name, LayerData data)
        {
            Name = name;
            _data = data;
            ShapeRow row = data.Row;
            _output = new float[row.Output.Count];
            _session = OnnxSession.Create(FloatLayerModel.Of(data), new FloatTensor(row.Input, data.RealInput).ToNchw(), row.Input, _output, row.Output);
        }

        public override string Name { get; }

        public override void Run() => _session.Run();

        public override byte[] OutputCodes() => _data.ToCodes(FloatTensor.FromNchw(_data.Row.Output, _output).Data);

        public override void Dispose() => _session.Dispose();
    }
}
