using System.Collections.Generic;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx;

/// <summary>How an ONNX file is loaded.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>
    /// Dimensions of the input as the file counts them, for example [1, 3, 640, 640]; nothing for those of the file. Where the file leaves rows and
    /// columns open, the network takes any size, unless its operators depend on it: then this says the one.
    /// </summary>
    public IReadOnlyList<int> InputShape { get; init; } = [];

    /// <summary>The output to compute, where the file has several; nothing for its only one.</summary>
    public string Output { get; init; } = "";

    /// <summary>The folder of external data, where the model is not loaded by its path; null for none.</summary>
    public string? ExternalDataFolder { get; init; }

    /// <summary>
    /// Whose arithmetic the int8 model of a quantized file follows, <see cref="OnnxModel.Quantized"/>: PyTorch's, as all other models here, or ONNX Runtime's, to
    /// compute the numbers that the file gave there. docs/onnx.md says which are equal to the last bit.
    /// </summary>
    public Int8Arithmetic Arithmetic { get; init; }

    /// <summary>Inputs that are constants instead.</summary>
    internal IReadOnlyDictionary<string, OnnxTensor> Constants { get; init; } = new Dictionary<string, OnnxTensor>();
}
