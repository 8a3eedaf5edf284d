using System;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace Kernels.Bench.Peers;

/// <summary>
/// OpenCV's DNN module in float32: one Conv or ConvTranspose node over NCHW data. Its int8 layers exist only inside networks that it
/// has quantized or imported as a whole, with conversions around a single layer, so they are not measured.
/// </summary>
internal sealed class OpenCvPeer : IPeer
{
    /// <inheritdoc/>
    public string Name => "opencv_f32";

    /// <inheritdoc/>
    public string? Missing { get; } = Reason();

    /// <inheritdoc/>
    public Contestant Prepare(LayerData data)
    {
        try
        {
            return new Layer(Name, data);
        }
        catch (OpenCVException exception)
        {
            throw new PeerException(exception.Message);
        }
    }

    // The package has Linux alone; other systems have OpenCvSharp's runtimes of their own.
    private static string? Reason()
    {
        try
        {
            Cv2.SetNumThreads(1);
            return null;
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or OpenCvSharpException)
        {
            return (exception.InnerException ?? exception).Message.Split('\n')[0];
        }
    }

    private sealed class Layer : Contestant
    {
        private readonly LayerData _data;
        private readonly Net _network;
        private readonly Mat _input;
        private readonly Mat _output;

        public Layer(string name, LayerData data)
        {
            Name = name;
            _data = data;
            ShapeRow row = data.Row;
            _network = Net.ReadNetFromONNX(FloatLayerModel.Of(data)) ?? throw new PeerException("The model was not read.");
            _network.SetPreferableBackend(Backend.OPENCV);
            _network.SetPreferableTarget(Target.CPU);
            _input = Mat.FromPixelData([row.Input.N, row.Input.C, row.Input.H, row.Input.W], MatType.CV_32F, new FloatTensor(row.Input, data.RealInput).ToNchw());
            _network.SetInput(_input, "x");
            _output = _network.Forward();
        }

        public override string Name { get; }

        // An input that was not set again would leave the layer uncomputed.
        public override void Run()
        {
            _network.SetInput(_input, "x");
            using Mat output = _network.Forward();
        }

        public override byte[] OutputCodes()
        {
            var values = new float[_data.Row.Output.Count];
            System.Runtime.InteropServices.Marshal.Copy(_output.Data, values, 0, values.Length);
            return _data.ToCodes(FloatTensor.FromNchw(_data.Row.Output, values).Data);
        }

        public override void Dispose()
        {
            _output.Dispose();
            _input.Dispose();
            _network.Dispose();
        }
    }
}
