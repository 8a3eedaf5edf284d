using System;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Kernels.Onnx.Tests;

/// <summary>ONNX Runtime on the same file, on one thread.</summary>
internal sealed class Reference : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
    private readonly InferenceSession _session;

    public Reference(string path) => _session = new InferenceSession(path, _options);

    public Reference(byte[] model) => _session = new InferenceSession(model, _options);

    /// <summary>The output for an input in ONNX's order.</summary>
    public float[] Run(float[] input, params int[] shape)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
            _session.Run([NamedOnnxValue.CreateFromTensor(_session.InputNames[0], new DenseTensor<float>(input, shape))]);
        return [.. outputs.First().AsEnumerable<float>()];
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
