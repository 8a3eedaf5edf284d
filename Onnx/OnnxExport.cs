using System;
using System.IO;
using Google.Protobuf;
using Kernels.Models;
using Kernels.Onnx.Exporting;

namespace Kernels.Onnx;

/// <summary>
/// Writes converted models as ONNX files with QuantizeLinear and DequantizeLinear nodes (QDQ), which ONNX Runtime and others run in int8: activations
/// as uint8 with a scale a tensor, weights as int8 with a scale an output channel, biases as int32.
/// </summary>
/// <remarks>
/// Where this library keeps floats between an int8 layer's sum and its output (functions in epilogues), the file does too. Results differ from those of
/// <see cref="QuantizedModel"/> by a step here and there: ONNX divides by scales where PyTorch multiplies by their inverse, and its bias is rounded.
/// </remarks>
public static class OnnxExport
{
    /// <summary>Writes a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, replaced if there is one.</param>
    /// <param name="options">Names and sizes of its ends; by default open sizes.</param>
    /// <exception cref="UnsupportedOnnxException">Layers cannot be said in ONNX: all of them are listed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(QuantizedModel model, string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllBytes(path, ToArray(model, options));
    }

    /// <summary>Writes a file's bytes to a stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    /// <param name="options">Names and sizes of its ends; by default open sizes.</param>
    /// <exception cref="UnsupportedOnnxException">Layers cannot be said in ONNX: all of them are listed.</exception>
    public static void Save(QuantizedModel model, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToArray(model, options));
    }

    /// <summary>The bytes of a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Names and sizes of its ends; by default open sizes.</param>
    /// <returns>An ONNX model of operator set 18.</returns>
    /// <exception cref="UnsupportedOnnxException">Layers cannot be said in ONNX: all of them are listed.</exception>
    public static byte[] ToArray(QuantizedModel model, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new QdqWriter(model, options ?? new()).Write().ToByteArray();
    }
}
