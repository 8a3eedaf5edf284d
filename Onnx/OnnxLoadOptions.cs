using System.Collections.Generic;
using Kernels.Onnx.Graphs;

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

    /// <summary>Inputs that are constants instead.</summary>
    internal IReadOnlyDictionary<string, OnnxTensor> Constants { get; init; } = new Dictionary<string, OnnxTensor>();
}
