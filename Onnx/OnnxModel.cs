using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Models;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Lowering;
using Kernels.Onnx.Reading;
using Kernels.Quantization;

namespace Kernels.Onnx;

/// <summary>
/// A convolutional network from an ONNX file. <see cref="Float"/> runs at once, with generic kernels; prepare, calibrate and convert it as any other model.
/// </summary>
/// <remarks>
/// Tensors have four axes here: [N, C] becomes [N, C, 1, 1] and [N, C, L] becomes [N, C, 1, L], and so does the output. Memory is channels-last;
/// <see cref="FloatTensor.FromNchw"/> and <see cref="FloatTensor.ToNchw"/> have ONNX's order.
/// </remarks>
public sealed class OnnxModel
{
    private OnnxModel(OnnxGraph graph, ImportedNetwork network, bool isAnySize, Int8Arithmetic arithmetic)
    {
        Graph = graph;
        Network = network;
        IsAnySize = isAnySize;
        Float = network.Build();
        Quantized = network.IsQuantized ? QuantizedBuilder.Build(network, arithmetic) : null;
    }

    /// <summary>The network in float32.</summary>
    public FloatModel Float { get; }

    /// <summary>The int8 network that a quantized file describes, its scales, zero points and int8 weights as they are; null for a file without.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>Name of the input.</summary>
    public string InputName => Network.Input;

    /// <summary>Name of the output.</summary>
    public string OutputName => Network.Output;

    /// <summary>Dimensions of the input as ONNX counts them; those that are open have the size that the import was checked with.</summary>
    public IReadOnlyList<int> InputShape => Network.InputShape;

    /// <summary>Dimensions of the output for <see cref="InputShape"/>.</summary>
    public IReadOnlyList<int> OutputShape => Network.OutputShape;

    /// <summary>Whether rows and columns may be of any number.</summary>
    public bool IsAnySize { get; }

    internal OnnxGraph Graph { get; }

    internal ImportedNetwork Network { get; }

    /// <summary>Loads a file. External data is read from its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Input size and output, where the file does not say them.</param>
    /// <returns>The network.</returns>
    /// <exception cref="OnnxFormatException">The file is not an ONNX model, or is damaged.</exception>
    /// <exception cref="UnsupportedOnnxException">Nodes, inputs or outputs are not supported: all of them are listed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel Load(string path, OnnxLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Load(stream, (options ?? new()) with { ExternalDataFolder = Path.GetDirectoryName(Path.GetFullPath(path)) });
    }

    /// <summary>Loads a model from a stream, up to its end.</summary>
    /// <param name="stream">The file's bytes.</param>
    /// <param name="options">Input size and output, where the file does not say them.</param>
    /// <returns>The network.</returns>
    /// <exception cref="OnnxFormatException">The bytes are not an ONNX model, or are damaged.</exception>
    /// <exception cref="UnsupportedOnnxException">Nodes, inputs or outputs are not supported: all of them are listed.</exception>
    public static OnnxModel Load(Stream stream, OnnxLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new();
        return Import(ModelReader.Read(parser => parser.ParseFrom(stream), new ExternalData(options.ExternalDataFolder)), options);
    }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="options">Input size and output, where the file does not say them.</param>
    /// <returns>The network.</returns>
    /// <exception cref="OnnxFormatException">The bytes are not an ONNX model, or are damaged.</exception>
    /// <exception cref="UnsupportedOnnxException">Nodes, inputs or outputs are not supported: all of them are listed.</exception>
    public static OnnxModel Load(ReadOnlySpan<byte> bytes, OnnxLoadOptions? options = null)
    {
        options ??= new();
        byte[] copy = bytes.ToArray();
        return Import(ModelReader.Read(parser => parser.ParseFrom(copy), new ExternalData(options.ExternalDataFolder)), options);
    }

    private static OnnxModel Import(OnnxGraph graph, OnnxLoadOptions options)
    {
        (ImportedNetwork network, bool isAnySize) = SizeProbe.Import(graph, options);
        return new OnnxModel(graph, network, isAnySize, options.Arithmetic);
    }
}
