using System.IO;

namespace Kernels.Onnx.Tests;

/// <summary>Files that tests read.</summary>
internal static class Files
{
    public static string Detector { get; } = Path.Combine(Repository.Root, "Samples", "Detect", "Assets", "en_PP-OCRv3_det_infer.onnx");

    public static string KeywordsQdq { get; } = Data("micro_kws_m_static_qdq.onnx");

    public static string KeywordsOperators { get; } = Data("micro_kws_m_static_qoperator.onnx");

    private static string Data(string name) => Path.Combine(Repository.Root, "Onnx.Tests", "Data", name);
}
