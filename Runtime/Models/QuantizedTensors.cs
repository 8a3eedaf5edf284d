using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Layers;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>The tensors of converted models in safetensors files: scales, zero points, int8 weights. All numbers are checked.</summary>
/// <param name="file">The file to read.</param>
/// <param name="used">Hears the name of each tensor that is read.</param>
internal sealed class QuantizedTensors(SafetensorsFile file, Action<string>? used = null)
{
    public static void WriteActivation(SafetensorsWriter writer, string prefix, QuantizationParameters activation)
    {
        writer.Add(prefix + ".scale", [1], [activation.Scale]);
        writer.Add(prefix + ".zero_point", [1], [activation.ZeroPoint]);
    }

    public static void WriteWeights(SafetensorsWriter writer, string prefix, QuantizedLayerWeights weights)
    {
        Shape4 shape = weights.Weight.Shape;
        WeightQuantization quantization = weights.Weight.Quantization;
        var scales = new float[quantization.Count];
        var zeroPoints = new int[quantization.Count];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = quantization[i].Scale;
            zeroPoints[i] = quantization[i].ZeroPoint;
        }

        ReadOnlySpan<int> parameterShape = quantization.IsPerChannel ? [scales.Length] : [];
        writer.Add(prefix + ".weight", [shape.N, shape.C, shape.H, shape.W], weights.Weight.Data);
        writer.Add(prefix + ".weight_scale", parameterShape, scales);
        writer.Add(prefix + ".weight_zero_point", parameterShape, zeroPoints);
        if (!weights.Bias.IsEmpty)
        {
            writer.Add(prefix + ".bias", [weights.Bias.Length], weights.Bias);
        }
    }

    /// <summary>A string of the header that must be there.</summary>
    public static string Metadata(SafetensorsFile file, string name) => file.Metadata.GetValueOrDefault(name)
        ?? throw new InvalidDataException($"The file does not say {name}: it is damaged, or no converted model.");

    /// <summary>Throws unless the header says so.</summary>
    public static void RequireMetadata(SafetensorsFile file, string name, string expected, string otherwise)
    {
        string? found = file.Metadata.GetValueOrDefault(name);
        if (found != expected)
        {
            throw new InvalidDataException($"The file says {name} {(found is null ? "nothing" : SafetensorsFile.Quote(found))} where {SafetensorsFile.Quote(expected)} is needed: {otherwise}.");
        }
    }

    /// <summary>Scale and zero point of a value.</summary>
    public QuantizationParameters Activation(string prefix)
    {
        float[] scale = Tensor(prefix + ".scale", [1]).ToSingles();
        int[] zeroPoint = Tensor(prefix + ".zero_point", [1]).ToInt32s();
        return Parameters(prefix, scale[0], zeroPoint[0], byte.MinValue, byte.MaxValue);
    }

    /// <summary>Int8 weights of a layer.</summary>
    public QuantizedLayerWeights Weights(string prefix, ConvolutionSpec spec)
    {
        Shape4 shape = spec.WeightShape;
        sbyte[] codes = Tensor(prefix + ".weight", [shape.N, shape.C, shape.H, shape.W]).ToSBytes();
        WeightQuantization quantization = WeightParameters(prefix, spec.OutChannels);
        float[]? bias = spec.HasBias ? ModuleReader.Finite(Tensor(prefix + ".bias", [spec.OutChannels])) : null;
        return new QuantizedLayerWeights(new QuantizedWeight(shape, codes, quantization), bias);
    }

    /// <summary>A tensor that must be there, with its shape.</summary>
    public SafetensorsTensor Tensor(string name, ReadOnlySpan<int> shape)
    {
        if (!file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor))
        {
            throw new InvalidDataException($"The file lacks the tensor {name}: it is damaged or holds another model.");
        }

        bool fits = tensor.Shape.Count == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = tensor.Shape[i] == shape[i];
        }

        used?.Invoke(name);
        return fits ? tensor : throw new InvalidDataException($"The tensor {tensor} should have the shape [{string.Join(", ", shape.ToArray())}].");
    }

    private WeightQuantization WeightParameters(string prefix, int channels)
    {
        bool perChannel = file.Tensors.TryGetValue(prefix + ".weight_scale", out SafetensorsTensor? found) && found.Shape.Count > 0;
        ReadOnlySpan<int> shape = perChannel ? [channels] : [];
        float[] scales = Tensor(prefix + ".weight_scale", shape).ToSingles();
        int[] zeroPoints = Tensor(prefix + ".weight_zero_point", shape).ToInt32s();
        for (int i = 0; i < scales.Length; i++)
        {
            Parameters(prefix + ".weight", scales[i], zeroPoints[i], sbyte.MinValue, sbyte.MaxValue);
        }

        return perChannel
            ? WeightQuantization.PerChannel(scales, zeroPoints)
            : new WeightQuantization(new QuantizationParameters(scales[0], zeroPoints[0]));
    }

    private static QuantizationParameters Parameters(string prefix, float scale, int zeroPoint, int min, int max) =>
        scale > 0 && float.IsFinite(scale) && zeroPoint >= min && zeroPoint <= max
            ? new QuantizationParameters(scale, zeroPoint)
            : throw new InvalidDataException($"{prefix} has scale {scale} and zero point {zeroPoint}; a scale must be positive and finite, a zero point {min} to {max}.");
}
