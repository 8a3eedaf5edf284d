using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Kernels.Models;

/// <summary>Reads and checks the JSON header of a safetensors file. Every failure is an <see cref="InvalidDataException"/>.</summary>
internal ref struct SafetensorsHeaderReader
{
    // Object of tensors, object of a tensor, array of its shape.
    private const int MaxDepth = 3;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<(long Begin, long End, string Name)> _ranges = [];
    private Utf8JsonReader _json;
    private bool _hasMetadata;

    private SafetensorsHeaderReader(ReadOnlySpan<byte> header, ReadOnlyMemory<byte> data)
    {
        _data = data;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads a header.</summary>
    /// <param name="header">The JSON text.</param>
    /// <param name="data">The bytes that follow it.</param>
    /// <returns>The file.</returns>
    public static SafetensorsFile Read(ReadOnlySpan<byte> header, ReadOnlyMemory<byte> data)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw new InvalidDataException("The header does not start with a brace: this is not a safetensors file.");
        }

        try
        {
            return new SafetensorsHeaderReader(header, data).ReadFile();
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The header is not valid JSON of a safetensors file (near byte {exception.BytePositionInLine ?? 0} of line {(exception.LineNumber ?? 0) + 1}).", exception);
        }
    }

    private SafetensorsFile ReadFile()
    {
        _json.Read();
        while (NextMember("the header"))
        {
            string name = Text("a name");
            _json.Read();
            if (name == SafetensorsElement.MetadataKey)
            {
                ReadMetadata();
            }
            else
            {
                ReadTensor(name);
            }
        }

        // Only white space may follow; anything else makes this call throw.
        _json.Read();
        CheckRanges();
        return new SafetensorsFile(_metadata, _tensors);
    }

    private void ReadMetadata()
    {
        if (_hasMetadata)
        {
            throw new InvalidDataException($"The header has two entries {SafetensorsElement.MetadataKey}.");
        }

        _hasMetadata = true;
        Expect(JsonTokenType.StartObject, SafetensorsElement.MetadataKey, "an object of strings");
        while (NextMember(SafetensorsElement.MetadataKey))
        {
            string key = Text("a metadata name");
            _json.Read();
            Expect(JsonTokenType.String, $"The metadata {SafetensorsFile.Quote(key)}", "a string");
            if (!_metadata.TryAdd(key, Text("a metadata string")))
            {
                throw new InvalidDataException($"The metadata {SafetensorsFile.Quote(key)} occurs twice.");
            }
        }
    }

    private void ReadTensor(string name)
    {
        string subject = $"The tensor {SafetensorsFile.Quote(name)}";
        Expect(JsonTokenType.StartObject, subject, "an object");
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextMember(subject))
        {
            string member = Text("a member name");
            bool repeated = member switch
            {
                "dtype" => typeName is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => throw new InvalidDataException($"{subject} has an unknown member {SafetensorsFile.Quote(member)}."),
            };
            if (repeated)
            {
                throw new InvalidDataException($"{subject} has two members {SafetensorsFile.Quote(member)}.");
            }

            _json.Read();
            switch (member)
            {
                case "dtype":
                    Expect(JsonTokenType.String, $"{subject}'s dtype", "a string");
                    typeName = Text("a dtype");
                    break;
                case "shape":
                    shape = ReadNumbers($"{subject}'s shape");
                    break;
                default:
                    offsets = ReadNumbers($"{subject}'s data_offsets");
                    break;
            }
        }

        if (typeName is null || shape is null || offsets is null)
        {
            throw new InvalidDataException($"{subject} lacks its {(typeName is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
        }

        SafetensorsType type = SafetensorsElement.Parse(typeName)
            ?? throw new InvalidDataException($"{subject} has the type {SafetensorsFile.Quote(typeName)}, but only F16, F32, U8, I8, I32 and I64 can be read.");
        (long begin, long end) = Range(subject, offsets);
        int[] dimensions = Dimensions(subject, shape, type, end - begin);
        var tensor = new SafetensorsTensor(name, type, dimensions, _data[(int)begin..(int)end]);
        if (!_tensors.TryAdd(name, tensor))
        {
            throw new InvalidDataException($"The header has two tensors {SafetensorsFile.Quote(name)}.");
        }

        _ranges.Add((begin, end, name));
    }

    private readonly (long Begin, long End) Range(string subject, List<long> offsets)
    {
        if (offsets.Count != 2)
        {
            throw new InvalidDataException($"{subject} has {offsets.Count} data_offsets, but needs 2.");
        }

        if (offsets[0] > offsets[1] || offsets[1] > _data.Length)
        {
            throw new InvalidDataException($"{subject} has data_offsets {offsets[0]} to {offsets[1]}, but the file has {_data.Length} bytes of data.");
        }

        return (offsets[0], offsets[1]);
    }

    private static int[] Dimensions(string subject, List<long> shape, SafetensorsType type, long length)
    {
        var dimensions = new int[shape.Count];
        long size = SafetensorsElement.Size(type);
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (shape[i] > int.MaxValue || Math.BigMul(size, shape[i], out long product) != 0 || product < 0)
            {
                throw new InvalidDataException($"{subject} has a shape that is too large.");
            }

            dimensions[i] = (int)shape[i];
            size = product;
        }

        return size == length
            ? dimensions
            : throw new InvalidDataException($"{subject} needs {size} bytes for its shape and type, but its data_offsets hold {length}.");
    }

    // The format allows neither overlaps nor holes: each byte of the data belongs to exactly one tensor.
    private readonly void CheckRanges()
    {
        _ranges.Sort(static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long position = 0;
        foreach ((long begin, long end, string name) in _ranges)
        {
            if (begin != position)
            {
                throw new InvalidDataException($"The tensor {SafetensorsFile.Quote(name)} starts at byte {begin} of the data, {(begin < position ? "inside another tensor" : "after bytes that belong to no tensor")}.");
            }

            position = end;
        }

        if (position != _data.Length)
        {
            throw new InvalidDataException($"The tensors have {position} bytes in all, but the file has {_data.Length} bytes of data.");
        }
    }

    private List<long> ReadNumbers(string subject)
    {
        Expect(JsonTokenType.StartArray, subject, "an array of numbers");
        var numbers = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
            {
                throw new InvalidDataException($"{subject} must be an array of whole numbers of at least 0.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private bool NextMember(string subject)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.PropertyName => true,
            JsonTokenType.EndObject => false,
            _ => throw new InvalidDataException($"{subject} is not a complete JSON object."),
        };
    }

    private readonly void Expect(JsonTokenType token, string subject, string expected)
    {
        if (_json.TokenType != token)
        {
            throw new InvalidDataException($"{subject} must be {expected}.");
        }
    }

    // Invalid UTF-8 and lone surrogates show only here.
    private readonly string Text(string what)
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException($"The header has {what} that is not valid Unicode.", exception);
        }
    }
}
