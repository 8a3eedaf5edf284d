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
        QuantizedTensors.WriteActivation(writer, "input", sequence.InputQuantization);
        for (int i = 0; i < sequence.Layers.Count; i++)
        {
            string prefix = Prefix(i);
            writer.AddMetadata(prefix + ".name", sequence.Factories[i].Name);
            writer.AddMetadata(prefix + ".layer", SpecText.Of(sequence.Factories[i].Spec));
            QuantizedTensors.WriteActivation(writer, prefix, sequence.Layers[i].OutputQuantization);
            QuantizedTensors.WriteWeights(writer, prefix, sequence.Weights[i]);
        }

        return writer;
    }

    public static QuantizedSequence Read(SafetensorsFile file, IReadOnlyList<LayerFactory> layers)
    {
        QuantizedTensors.RequireMetadata(file, "format", Format, "this is not a converted model");
        QuantizedTensors.RequireMetadata(file, "version", Version, "it was written by another version of this library");
        QuantizedTensors.RequireMetadata(file, "layers", layers.Count.ToString(CultureInfo.InvariantCulture), "it holds another model");
        try
        {
            var reader = new QuantizedTensors(file);
            var activations = new QuantizationParameters[layers.Count + 1];
            var weights = new QuantizedLayerWeights[layers.Count];
            activations[0] = reader.Activation("input");
            int tensors = 2;
            for (int i = 0; i < weights.Length; i++)
            {
                string prefix = Prefix(i);
                QuantizedTensors.RequireMetadata(file, prefix + ".name", layers[i].Name, "it holds another model");
                QuantizedTensors.RequireMetadata(file, prefix + ".layer", SpecText.Of(layers[i].Spec), "it holds another model");
                activations[i + 1] = reader.Activation(prefix);
                weights[i] = reader.Weights(prefix, layers[i].Spec);
                tensors += weights[i].Bias.IsEmpty ? 5 : 6;
            }

            return file.Tensors.Count == tensors
                ? new QuantizedSequence(layers, weights, activations)
                : throw new InvalidDataException($"The file has {file.Tensors.Count} tensors, but the model has {tensors}: the file is damaged or holds another model.");
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static string Prefix(int layer) => layer.ToString(CultureInfo.InvariantCulture);
}
