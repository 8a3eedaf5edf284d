using System;
using Kernels.Bench.Onnx;

namespace Kernels.Bench.Networks;

/// <summary>A network in ONNX Runtime, on one thread.</summary>
internal sealed class NetworkPeer : IDisposable
{
    private readonly OnnxSession _session;
    private readonly Shape4 _shape;
    private readonly float[] _output;

    /// <summary>Loads a network.</summary>
    /// <param name="file">The ONNX file.</param>
    /// <param name="input">The input.</param>
    /// <param name="output">Shape of the output.</param>
    public NetworkPeer(byte[] file, FloatTensor input, Shape4 output)
    {
        _shape = output;
        _output = new float[output.Count];
        _session = OnnxSession.Create(file, input.ToNchw(), input.Shape, _output, output);
    }

    /// <summary>The output of the last run.</summary>
    public FloatTensor Output => FloatTensor.FromNchw(_shape, _output);

    /// <summary>Runs it.</summary>
    public void Run() => _session.Run();

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
