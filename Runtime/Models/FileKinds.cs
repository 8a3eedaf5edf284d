using System;
using System.Linq;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>What a file is that is not what was asked for, and which method reads it: for messages.</summary>
internal static class FileKinds
{
    /// <summary>What bytes are that are no safetensors file; null for what nobody knows.</summary>
    public static string? Of(ReadOnlySpan<byte> file) => file switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, ..] =>
            "This is a PyTorch checkpoint, a pickle that only Python can open: write it there with safetensors.torch.save_file(model.state_dict(), path).",
        // ir_version, then the producer or the graph.
        [0x08, < 32, 0x12 or 0x1A or 0x3A, ..] => "This may be an ONNX file: OnnxModel.Load of the package Kernels.Onnx reads it.",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => "This is a picture.",
        _ => null,
    };

    /// <summary>What a safetensors file holds, and what reads it.</summary>
    public static string Of(SafetensorsFile file) =>
        IsModel(file) ? "it holds a converted model: QuantizedModel.Load reads it, or Load of the class whose model it is"
        : IsCalibration(file) ? "it holds a calibration: LoadCalibration of a prepared model reads it"
        : "it seems to hold float weights: SafetensorsFile.Load reads it, and the constructor of a class takes them";

    /// <summary>Whether a file holds a converted model.</summary>
    public static bool IsModel(SafetensorsFile file) => QuantizedModelFile.Is(file) || SequenceFile.Is(file);

    /// <summary>Whether a file holds what observers saw.</summary>
    public static bool IsCalibration(SafetensorsFile file) => file.Tensors.Keys.Any(static name => name.Contains(Preparation.StateSuffix, StringComparison.Ordinal));
}
