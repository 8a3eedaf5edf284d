using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Kernels.Bench.Peers;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Commands;

/// <summary>What BenchmarkDotNet runs: each contestant on a few of the shapes.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private Lineup? _lineup;
    private Dictionary<string, Contestant> _contestants = [];

    /// <summary>Shapes that differ in what limits them.</summary>
    public static IReadOnlyList<string> Shapes { get; } = ["example-s2", "dcgan3", "yolo-proto", "dw-up"];

    /// <summary>Name of the shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = string.Empty;

    /// <summary>Makes the contestants of a shape.</summary>
    [GlobalSetup]
    public void Setup()
    {
        SingleThread.Apply();
        ShapeRow row = ShapeFile.Read(null, [Shape])[0];
        _lineup = new Lineup(row, LayerCompiler.Compile([row.Spec])[0], sized: null, AllPeers.Create());
        _contestants = _lineup.Contestants.ToDictionary(contestant => contestant.Name);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup() => _lineup?.Dispose();

    /// <summary>The generated kernel.</summary>
    [Benchmark(Baseline = true)]
    public void Generated() => Run(QuickResult.Generated);

    /// <summary>The same with weights over the whole int8 range.</summary>
    [Benchmark]
    public void GeneratedFullRange() => Run(QuickResult.FullRange);

    /// <summary>This library's unspecialised int8 kernel.</summary>
    [Benchmark]
    public void Generic() => Run(QuickResult.Generic);

    /// <summary>This library's float kernel.</summary>
    [Benchmark]
    public void Float() => Run(QuickResult.Float);

    /// <summary>oneDNN, int8.</summary>
    [Benchmark]
    [Peer("onednn_u8")]
    public void OneDnnInt8() => Run("onednn_u8");

    /// <summary>oneDNN, float.</summary>
    [Benchmark]
    [Peer("onednn_f32")]
    public void OneDnnFloat() => Run("onednn_f32");

    /// <summary>XNNPACK, signed.</summary>
    [Benchmark]
    [Peer("xnnpack_qs8")]
    public void XnnpackSigned() => Run("xnnpack_qs8");

    /// <summary>XNNPACK, unsigned.</summary>
    [Benchmark]
    [Peer("xnnpack_qu8")]
    public void XnnpackUnsigned() => Run("xnnpack_qu8");

    /// <summary>ONNX Runtime, float.</summary>
    [Benchmark]
    [Peer("onnxruntime_f32")]
    public void OnnxRuntimeFloat() => Run("onnxruntime_f32");

    /// <summary>ONNX Runtime, a quantized model.</summary>
    [Benchmark]
    [Peer("onnxruntime_qdq")]
    public void OnnxRuntimeQdq() => Run("onnxruntime_qdq");

    private void Run(string name) => _contestants[name].Run();
}
