using System;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.Bench.Onnx;

/// <summary>An ONNX file in ONNX Runtime, on one thread, with buffers bound once.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    private OnnxSession(byte[] model, OrtValue input, OrtValue output)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model, options);
        _input = input;
        _output = output;
        _binding = _session.CreateIoBinding();
        _binding.BindInput(_session.InputNames[0], input);
        _binding.BindOutput(_session.OutputNames[0], output);
    }

    /// <summary>Loads a file with one input and one output of the same type.</summary>
    /// <param name="model">The file.</param>
    /// <param name="input">Elements of the input in order n, c, h, w; read at every run.</param>
    /// <param name="inputShape">Its shape.</param>
    /// <param name="output">Receives the output.</param>
    /// <param name="outputShape">Its shape.</param>
    /// <exception cref="OnnxRuntimeException">The file is not valid.</exception>
    public static OnnxSession Create<T>(byte[] model, T[] input, Shape4 inputShape, T[] output, Shape4 outputShape)
        where T : unmanaged =>
        new(model, OrtValue.CreateTensorValueFromMemory(input, Dimensions(inputShape)), OrtValue.CreateTensorValueFromMemory(output, Dimensions(outputShape)));

    /// <summary>Runs the model once.</summary>
    public void Run() => _session.RunWithBinding(_runOptions, _binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _output.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static long[] Dimensions(Shape4 shape) => [shape.N, shape.C, shape.H, shape.W];
}
