using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// A converted model as a safetensors file. Metadata: <c>format</c>, <c>version</c>, <c>layers</c> (how many), and for each
/// layer <c>N.name</c> and <c>N.layer</c> (its shape). Tensors, named as in PyTorch: <c>input.scale</c> F32 [1] and
/// <c>input.zero_point</c> I32 [1]; for each layer <c>N.scale</c> and <c>N.zero_point</c> of its output, <c>N.weight</c> I8,
/// <c>N.weight_scale</c> F32 and <c>N.weight_zero_point</c> I32 (a scalar per tensor, [out] per channel), and <c>N.bias</c> F32
/// when it has one. Nothing else may be in the file.
/// </summary>
internal static class QuantizedSequenceFile
{
    private const string Format = "Kernels.QuantizedSequence";
    private const string Version = "1";

    public static SafetensorsWriter Write(QuantizedSequence sequence)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", Format);
        writer.AddMetadata("version", Version);
        writer.AddMetadata("layers", sequence.Layers.Count.ToString(CultureInfo.InvariantCulture));
        WriteActivation(writer, "input", sequence.InputQuantization);
        for (int i = 0; i < sequence.Layers.Count; i++)
        {
            string prefix = Prefix(i);
            writer.AddMetadata(prefix + ".name", sequence.Factories[i].Name);
            writer.AddMetadata(prefix + ".layer", SpecText.Of(sequence.Factories[i].Spec));
            WriteActivation(writer, prefix, sequence.Layers[i].OutputQuantization);
            WriteWeights(writer, prefix, sequence.Weights[i]);
        }

        return writer;
    }

    public static QuantizedSequence Read(SafetensorsFile file, IReadOnlyList<LayerFactory> layers)
    {
        RequireMetadata(file, "format", Format, "this is not a converted model");
        RequireMetadata(file, "version", Version, "it was written by another version of this library");
        RequireMetadata(file, "layers", layers.Count.ToString(CultureInfo.InvariantCulture), "it holds another model");
        var activations = new QuantizationParameters[layers.Count + 1];
        var weights = new QuantizedLayerWeights[layers.Count];
        activations[0] = ReadActivation(file, "input");
        int tensors = 2;
        for (int i = 0; i < weights.Length; i++)
        {
            string prefix = Prefix(i);
            RequireMetadata(file, prefix + ".name", layers[i].Name, "it holds another model");
            RequireMetadata(file, prefix + ".layer", SpecText.Of(layers[i].Spec), "it holds another model");
            activations[i + 1] = ReadActivation(file, prefix);
            weights[i] = ReadWeights(file, prefix, layers[i]);
            tensors += weights[i].Bias.IsEmpty ? 5 : 6;
        }

        return file.Tensors.Count == tensors
            ? new QuantizedSequence(layers, weights, activations)
            : throw new InvalidDataException($"The file has {file.Tensors.Count} tensors, but the model has {tensors}: the file is damaged or holds another model.");
    }

    private static string Prefix(int layer) => layer.ToString(CultureInfo.InvariantCulture);

    private static void RequireMetadata(SafetensorsFile file, string name, string expected, string otherwise)
    {
        string? found = file.Metadata.GetValueOrDefault(name);
        if (found != expected)
        {
            throw new InvalidDataException($"The file says {name} {(found is null ? "nothing" : SafetensorsFile.Quote(found))} where {SafetensorsFile.Quote(expected)} is needed: {otherwise}.");
        }
    }

    private static void WriteActivation(SafetensorsWriter writer, string prefix, QuantizationParameters activation)
    {
        writer.Add(prefix + ".scale", [1], [activation.Scale]);
        writer.Add(prefix + ".zero_point", [1], [activation.ZeroPoint]);
    }

    private static QuantizationParameters ReadActivation(SafetensorsFile file, string prefix)
    {
        float[] scale = Tensor(file, prefix + ".scale", [1]).ToSingles();
        int[] zeroPoint = Tensor(file, prefix + ".zero_point", [1]).ToInt32s();
        return Parameters(prefix, scale[0], zeroPoint[0], byte.MinValue, byte.MaxValue);
    }

    private static void WriteWeights(SafetensorsWriter writer, string prefix, QuantizedLayerWeights weights)
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

    private static QuantizedLayerWeights ReadWeights(SafetensorsFile file, string prefix, LayerFactory layer)
    {
        Shape4 shape = layer.Spec.WeightShape;
        sbyte[] codes = Tensor(file, prefix + ".weight", [shape.N, shape.C, shape.H, shape.W]).ToSBytes();
        WeightQuantization quantization = ReadWeightQuantization(file, prefix, layer.Spec.OutChannels);
        float[] bias = layer.Spec.HasBias ? Tensor(file, prefix + ".bias", [layer.Spec.OutChannels]).ToSingles() : [];
        foreach (float value in bias)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidDataException($"{prefix}.bias holds {value}; a bias must be finite.");
            }
        }

        return new QuantizedLayerWeights(new QuantizedWeight(shape, codes, quantization), bias);
    }

    private static WeightQuantization ReadWeightQuantization(SafetensorsFile file, string prefix, int channels)
    {
        bool perChannel = file.Tensors.TryGetValue(prefix + ".weight_scale", out SafetensorsTensor? found) && found.Shape.Count > 0;
        ReadOnlySpan<int> shape = perChannel ? [channels] : [];
        float[] scales = Tensor(file, prefix + ".weight_scale", shape).ToSingles();
        int[] zeroPoints = Tensor(file, prefix + ".weight_zero_point", shape).ToInt32s();
        for (int i = 0; i < scales.Length; i++)
        {
            Parameters(prefix + ".weight", scales[i], zeroPoints[i], sbyte.MinValue, sbyte.MaxValue);
        }

        return perChannel
            ? WeightQuantization.PerChannel(scales, zeroPoints)
            : new WeightQuantization(new QuantizationParameters(scales[0], zeroPoints[0]));
    }

    private static SafetensorsTensor Tensor(SafetensorsFile file, string name, ReadOnlySpan<int> shape)
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

        return fits ? tensor : throw new InvalidDataException($"The tensor {tensor} should have the shape [{string.Join(", ", shape.ToArray())}].");
    }

    private static QuantizationParameters Parameters(string prefix, float scale, int zeroPoint, int min, int max) =>
        scale > 0 && float.IsFinite(scale) && zeroPoint >= min && zeroPoint <= max
            ? new QuantizationParameters(scale, zeroPoint)
            : throw new InvalidDataException($"{prefix} has scale {scale} and zero point {zeroPoint}; a scale must be positive and finite, a zero point {min} to {max}.");
}
