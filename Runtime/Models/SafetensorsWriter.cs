using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kernels.Models;

/// <summary>
/// Collects tensors and strings and writes them as a safetensors file. The bytes depend only on what was added, not on the
/// order: metadata by name, tensors by falling element size and then by name, so that every tensor is aligned.
/// </summary>
public sealed class SafetensorsWriter
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _tensors = new(StringComparer.Ordinal);

    /// <summary>Adds a string to the header.</summary>
    /// <param name="name">Its name, not used before.</param>
    /// <param name="value">The string.</param>
    /// <exception cref="ArgumentException">The name was used before, or the text is not valid Unicode.</exception>
    public void AddMetadata(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        RequireUnicode(name, nameof(name));
        RequireUnicode(value, nameof(value));
        if (!_metadata.TryAdd(name, value))
        {
            throw new ArgumentException($"The metadata {SafetensorsFile.Quote(name)} was added before; each name may occur once.", nameof(name));
        }
    }

    /// <summary>Adds an F32 tensor.</summary>
    /// <param name="name">Its name, not used before and not <c>__metadata__</c>.</param>
    /// <param name="shape">The dimensions, each at least 0; none for a scalar.</param>
    /// <param name="data">The elements in contiguous order, as many as the shape has. They are copied.</param>
    /// <exception cref="ArgumentException">The name cannot be used, or the count does not fit the shape.</exception>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> data) => Add(name, SafetensorsType.F32, shape, data);

    /// <summary>Adds an F16 tensor.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<Half> data) => Add(name, SafetensorsType.F16, shape, data);

    /// <summary>Adds a U8 tensor.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<byte> data) => Add(name, SafetensorsType.U8, shape, data);

    /// <summary>Adds an I8 tensor.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<sbyte> data) => Add(name, SafetensorsType.I8, shape, data);

    /// <summary>Adds an I32 tensor.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<int> data) => Add(name, SafetensorsType.I32, shape, data);

    /// <summary>Adds an I64 tensor.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    public void Add(string name, ReadOnlySpan<int> shape, ReadOnlySpan<long> data) => Add(name, SafetensorsType.I64, shape, data);

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file, replaced if there is one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using FileStream stream = File.Create(path);
        WriteTo(stream);
    }

    /// <summary>Writes the file's bytes.</summary>
    /// <param name="stream">A stream that can be written.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var tensors = new List<KeyValuePair<string, Entry>>(_tensors);
        tensors.Sort(static (a, b) =>
        {
            int bySize = SafetensorsElement.Size(b.Value.Type).CompareTo(SafetensorsElement.Size(a.Value.Type));
            return bySize != 0 ? bySize : string.CompareOrdinal(a.Key, b.Key);
        });

        ReadOnlyMemory<byte> header = Header(tensors);
        // Spaces after the header let the data start at a multiple of 8 bytes.
        int padding = -header.Length & 7;
        if (header.Length + padding > SafetensorsElement.MaxHeaderLength)
        {
            throw new InvalidOperationException($"The header would have {header.Length} bytes, but the format allows at most {SafetensorsElement.MaxHeaderLength}: use fewer or shorter names.");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsElement.LengthPrefix];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length + padding);
        stream.Write(prefix);
        stream.Write(header.Span);
        stream.Write("       "u8[..padding]);
        foreach ((_, Entry entry) in tensors)
        {
            stream.Write(entry.Bytes);
        }
    }

    private ReadOnlyMemory<byte> Header(List<KeyValuePair<string, Entry>> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsElement.MetadataKey);
                foreach ((string name, string value) in _metadata)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Entry entry) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsElement.Name(entry.Type));
                json.WriteStartArray("shape");
                foreach (int dimension in entry.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += entry.Bytes.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void Add<T>(string name, SafetensorsType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        RequireUnicode(name, nameof(name));
        if (name == SafetensorsElement.MetadataKey)
        {
            throw new ArgumentException($"The name {SafetensorsElement.MetadataKey} is the format's own; choose another one.", nameof(name));
        }

        long count = 1;
        foreach (int dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            // Once above int.MaxValue the product fits no span any more: stop before it can overflow.
            count = count > int.MaxValue ? count : count * dimension;
        }

        if (count != data.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape.ToArray())}] of {SafetensorsFile.Quote(name)} does not have the {data.Length} elements that were given.", nameof(shape));
        }

        if (!_tensors.TryAdd(name, new Entry(type, shape.ToArray(), SafetensorsElement.ToLittleEndian(data))))
        {
            throw new ArgumentException($"A tensor {SafetensorsFile.Quote(name)} was added before; each name may occur once.", nameof(name));
        }
    }

    private static void RequireUnicode(string text, string parameter)
    {
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The text {SafetensorsFile.Quote(text)} is not valid Unicode: it has half of a surrogate pair.", parameter, exception);
        }
    }

    private sealed record Entry(SafetensorsType Type, int[] Shape, byte[] Bytes);
}
