using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// A converted model as a safetensors file that needs no code to be read. Metadata: <c>format</c>, <c>version</c>, <c>channels</c> of
/// the input, <c>arithmetic</c> where it is not PyTorch's (which version 1 did not know), and <c>layers</c>, a JSON array of objects with <c>name</c>, <c>type</c>, <c>int8</c>, <c>inputs</c> (names; <c>input</c> is the
/// model's) and <c>arguments</c>. Tensors: <c>NAME.scale</c> F32 [1] and <c>NAME.zero_point</c> I32 [1] of every value that is
/// int8 anywhere; <c>NAME.weight</c> I8, <c>NAME.weight_scale</c>, <c>NAME.weight_zero_point</c> and <c>NAME.bias</c> of int8 layers
/// (both scalars per tensor, [out] per channel); F32 weights of float layers under PyTorch's names. Nothing else may be in the file.
/// </summary>
internal static class QuantizedModelFile
{
    private const string Format = "Kernels.QuantizedModel";
    private const string Version = "1";
    private const string VersionWithArithmetic = "2";

    /// <summary>Whether a file is of this format.</summary>
    public static bool Is(SafetensorsFile file) => file.Metadata.GetValueOrDefault("format") == Format;

    public static SafetensorsWriter Write(QuantizedModel model)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", Format);
        writer.AddMetadata("version", model.Arithmetic == Int8Arithmetic.PyTorch ? Version : VersionWithArithmetic);
        if (model.Arithmetic != Int8Arithmetic.PyTorch)
        {
            writer.AddMetadata("arithmetic", model.Arithmetic.ToString());
        }

        writer.AddMetadata("channels", model.InChannels.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("layers", WriteLayers(model.Nodes));
        for (int value = 0; value < model.Parameters.Length; value++)
        {
            if (model.Parameters[value] is { } parameters)
            {
                QuantizedTensors.WriteActivation(writer, Name(model.Nodes, value), parameters);
            }
        }

        foreach (ConvertedNode node in model.Nodes)
        {
            if (node.Weights is not null)
            {
                QuantizedTensors.WriteWeights(writer, node.Node.Name, node.Weights);
            }

            node.Node.Layer.WriteTensors(writer, node.Node.Name + ".", node.IsQuantized);
        }

        return writer;
    }

    /// <summary>Makes the model.</summary>
    /// <param name="file">The file.</param>
    /// <param name="kernels">Kernels by the names of layers.</param>
    /// <param name="choose">Gives layers kernels otherwise, before any is packed; null for nothing else.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another version, or of another kind.</exception>
    public static QuantizedModel Read(SafetensorsFile file, ReadOnlySpan<LayerFactory> kernels, Func<ConvertedNode[], ConvertedNode[]>? choose = null)
    {
        if (SequenceFile.Is(file))
        {
            return SequenceFile.Read(file, kernels.ToArray());
        }

        QuantizedTensors.RequireMetadata(file, "format", Format, $"this is not a converted model; {FileKinds.Of(file)}");
        bool saysArithmetic = file.Metadata.ContainsKey("arithmetic");
        QuantizedTensors.RequireMetadata(file, "version", saysArithmetic ? VersionWithArithmetic : Version, "it was written by another version of this library");
        if (saysArithmetic)
        {
            QuantizedTensors.RequireMetadata(file, "arithmetic", nameof(Int8Arithmetic.OnnxRuntime), "this version knows no other");
        }

        string channels = QuantizedTensors.Metadata(file, "channels");
        if (!int.TryParse(channels, NumberStyles.None, CultureInfo.InvariantCulture, out int inChannels) || inChannels is < 1 or > Limits.RuntimeChannels)
        {
            throw new InvalidDataException($"The file says channels {SafetensorsFile.Quote(channels)}; it must be a number of at least 1 and at most {Limits.RuntimeChannels}.");
        }

        var unused = new HashSet<string>(file.Tensors.Keys, StringComparer.Ordinal);
        var reader = new QuantizedTensors(file, name => unused.Remove(name));
        try
        {
            ConvertedNode[] nodes = ReadLayers(reader, inChannels, QuantizedTensors.Metadata(file, "layers"), Kernels(kernels));
            var parameters = new QuantizationParameters?[nodes.Length + 1];
            for (int value = 0; value < parameters.Length; value++)
            {
                string name = Name(nodes, value);
                parameters[value] = file.Tensors.ContainsKey(name + ".scale") ? reader.Activation(name) : null;
            }

            foreach (string name in unused)
            {
                throw new InvalidDataException($"The tensor {SafetensorsFile.Quote(name)} is no layer's: the file is damaged or of another version.");
            }

            return new QuantizedModel(inChannels, choose is null ? nodes : choose(nodes), parameters, saysArithmetic ? Int8Arithmetic.OnnxRuntime : Int8Arithmetic.PyTorch);
        }
        // Half a surrogate pair shows only where its text is read, as an InvalidOperationException.
        catch (Exception exception) when (exception is ArgumentException or JsonException or OverflowException or InvalidOperationException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static string Name(ConvertedNode[] nodes, int value) => value == 0 ? ModelBuilder.InputName : nodes[value - 1].Node.Name;

    private static Dictionary<string, LayerFactory> Kernels(ReadOnlySpan<LayerFactory> kernels)
    {
        var byName = new Dictionary<string, LayerFactory>(StringComparer.Ordinal);
        foreach (LayerFactory kernel in kernels)
        {
            ArgumentNullException.ThrowIfNull(kernel, nameof(kernels));
            byName.Add(kernel.Name, kernel);
        }

        return byName;
    }

    private static string WriteLayers(ConvertedNode[] nodes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach ((ModelNode node, bool isQuantized, _) in nodes)
            {
                json.WriteStartObject();
                json.WriteString("name", node.Name);
                json.WriteString("type", node.Layer.Type);
                json.WriteBoolean("int8", isQuantized);
                json.WriteStartArray("inputs");
                foreach (int input in node.Inputs)
                {
                    json.WriteStringValue(Name(nodes, input));
                }

                json.WriteEndArray();
                json.WriteStartObject("arguments");
                foreach ((string name, string value) in node.Layer.Arguments().Values)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ConvertedNode[] ReadLayers(QuantizedTensors tensors, int inChannels, string text, Dictionary<string, LayerFactory> kernels)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        var builder = new ModelBuilder(inChannels);
        var values = new Dictionary<string, Value>(StringComparer.Ordinal) { [ModelBuilder.InputName] = builder.Input };
        var nodes = new List<ConvertedNode>();
        foreach (JsonElement element in Kind(json.RootElement, JsonValueKind.Array).EnumerateArray())
        {
            string name = Text(element, "name");
            bool isQuantized = Member(element, "int8").ValueKind is var kind && kind is JsonValueKind.True or JsonValueKind.False
                ? kind == JsonValueKind.True
                : throw Unexpected("int8");
            kernels.Remove(name, out LayerFactory? kernel);
            try
            {
                values[name] = ReadLayer(tensors, element, name, isQuantized, kernel, builder, values, nodes);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidDataException)
            {
                throw new InvalidDataException($"The layer {SafetensorsFile.Quote(name)}: {exception.Message}", exception);
            }
        }

        foreach (string name in kernels.Keys)
        {
            throw new InvalidDataException($"The file has no layer {SafetensorsFile.Quote(name)} that the generated kernel of this name could run.");
        }

        builder.CheckOutput(builder.Values[^1]);
        return [.. nodes];
    }

    private static Value ReadLayer(
        QuantizedTensors tensors, JsonElement element, string name, bool isQuantized, LayerFactory? kernel, ModelBuilder builder, Dictionary<string, Value> values, List<ConvertedNode> nodes)
    {
        Module layer = ModuleReader.Read(
            Text(element, "type"),
            Arguments(Member(element, "arguments")),
            isQuantized,
            (end, shape) => tensors.Tensor($"{name}.{end}", shape),
            kernel);
        if (kernel is not null && (layer is not WeightedModule || !isQuantized))
        {
            throw new InvalidDataException("It is no int8 convolution, so it cannot run with a generated kernel.");
        }

        Value value = builder.Add(name, layer, Inputs(Member(element, "inputs"), values));
        QuantizedLayerWeights? weights = isQuantized && layer is WeightedModule weighted ? tensors.Weights(name, weighted.Spec) : null;
        nodes.Add(new ConvertedNode(builder.Nodes[^1], isQuantized, weights));
        return value;
    }

    private static ModuleArguments Arguments(JsonElement element)
    {
        var arguments = new ModuleArguments();
        foreach (JsonProperty property in Kind(element, JsonValueKind.Object).EnumerateObject())
        {
            arguments.With(property.Name, Kind(property.Value, JsonValueKind.String).GetString()!);
        }

        return arguments;
    }

    private static Value[] Inputs(JsonElement element, Dictionary<string, Value> values)
    {
        var inputs = new List<Value>();
        foreach (JsonElement input in Kind(element, JsonValueKind.Array).EnumerateArray())
        {
            string name = Kind(input, JsonValueKind.String).GetString()!;
            if (inputs.Count == Limits.Inputs)
            {
                throw new InvalidDataException($"It has more than {Limits.Inputs} inputs.");
            }

            inputs.Add(values.TryGetValue(name, out Value? value)
                ? value
                : throw new InvalidDataException($"A layer reads {SafetensorsFile.Quote(name)}, which no layer before it makes: the file is damaged."));
        }

        return [.. inputs];
    }

    private static string Text(JsonElement element, string name) => Kind(Member(element, name), JsonValueKind.String).GetString()!;

    private static JsonElement Member(JsonElement element, string name) =>
        Kind(element, JsonValueKind.Object).TryGetProperty(name, out JsonElement member) ? member : throw Unexpected(name);

    private static JsonElement Kind(JsonElement element, JsonValueKind kind) => element.ValueKind == kind ? element : throw Unexpected(kind.ToString());

    private static InvalidDataException Unexpected(string what) =>
        new($"The list of layers is not as this version writes it ({what} is missing or of another kind): the file is damaged.");
}
