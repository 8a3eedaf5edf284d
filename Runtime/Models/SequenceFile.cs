using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// Reads files that held a sequence of layers before sequences were graphs. Metadata: <c>layers</c> (how many), and for each
/// layer <c>N.name</c> and <c>N.layer</c> (its shape). Tensors: <c>input.scale</c>, <c>input.zero_point</c>; for each layer those of its output,
/// <c>N.scale</c> and <c>N.zero_point</c>, and its weights as in <see cref="QuantizedModelFile"/>. Nothing else may be in the file.
/// </summary>
internal static class SequenceFile
{
    private const string Format = "Kernels.QuantizedSequence";

    /// <summary>Whether the file is of this format.</summary>
    public static bool Is(SafetensorsFile file) => file.Metadata.GetValueOrDefault("format") == Format;

    /// <summary>Makes the model.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds other layers.</exception>
    public static QuantizedModel Read(SafetensorsFile file, LayerFactory[] layers)
    {
        QuantizedTensors.RequireMetadata(file, "version", "1", "it was written by another version of this library");
        if (layers.Length == 0)
        {
            throw new InvalidDataException("The file is of an older format, whose layers only their classes know: load it with the Load of the model's class, and save it again.");
        }

        QuantizedTensors.RequireMetadata(file, "layers", layers.Length.ToString(CultureInfo.InvariantCulture), "it holds another model");
        var unused = new HashSet<string>(file.Tensors.Keys, StringComparer.Ordinal);
        var reader = new QuantizedTensors(file, name => unused.Remove(name));
        var activations = new QuantizationParameters[layers.Length + 1];
        var weights = new QuantizedLayerWeights[layers.Length];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        activations[0] = reader.Activation(ModelBuilder.InputName);
        for (int i = 0; i < weights.Length; i++)
        {
            string prefix = i.ToString(CultureInfo.InvariantCulture);
            string name = QuantizedTensors.Metadata(file, prefix + ".name");
            if (name != layers[i].Name && Numbered(name, counts) != layers[i].Name)
            {
                throw new InvalidDataException($"The file says {prefix}.name {SafetensorsFile.Quote(name)} where {SafetensorsFile.Quote(layers[i].Name)} is needed: it holds another model.");
            }

            QuantizedTensors.RequireMetadata(file, prefix + ".layer", SpecText.Of(layers[i].Spec), "it holds another model");
            activations[i + 1] = reader.Activation(prefix);
            weights[i] = reader.Weights(prefix, layers[i].Spec);
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        foreach (string name in unused)
        {
            throw new InvalidDataException($"The tensor {SafetensorsFile.Quote(name)} is no layer's: the file is damaged or holds another model.");
        }

        try
        {
            return Sequential.Of(layers, weights, activations);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    /// <summary>The name of a class that occurred before: the file has it as often as the model has the class.</summary>
    private static string Numbered(string name, Dictionary<string, int> counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}_{counts.GetValueOrDefault(name) + 1}");
}
