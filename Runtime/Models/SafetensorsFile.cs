using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Text;

namespace Kernels.Models;

/// <summary>
/// A safetensors file in memory: named tensors and a map of strings. Nothing in the file is trusted: every length, offset,
/// shape, type and name is checked before a tensor is made, and a file that breaks the format's rules is refused whole.
/// </summary>
public sealed class SafetensorsFile
{
    internal SafetensorsFile(Dictionary<string, string> metadata, Dictionary<string, SafetensorsTensor> tensors)
    {
        Metadata = new ReadOnlyDictionary<string, string>(metadata);
        Tensors = new ReadOnlyDictionary<string, SafetensorsTensor>(tensors);
    }

    /// <summary>The strings of the header's <c>__metadata__</c> entry, in the file's order; empty without one.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>A tensor by name.</summary>
    /// <param name="name">Its name in the header.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message lists those that there are.</exception>
    public SafetensorsTensor this[string name] =>
        Tensors.TryGetValue(name, out SafetensorsTensor? tensor) ? tensor : throw new KeyNotFoundException(Missing(name));

    /// <summary>Reads a file whole and checks it.</summary>
    /// <param name="path">The file, at most 2 GB.</param>
    /// <returns>The tensors, views of one array.</returns>
    /// <exception cref="InvalidDataException">The file is not a valid safetensors file; the message names it and says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long length = new FileInfo(path).Length;
        if (length > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: the file has {length} bytes, but at most {Array.MaxLength} can be read.");
        }

        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a stream to its end and checks what it holds.</summary>
    /// <param name="stream">At most 2 GB; it stays open.</param>
    /// <returns>The tensors, views of one array.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a valid safetensors file; the message says why.</exception>
    /// <exception cref="IOException">The stream cannot be read, or has more than 2 GB.</exception>
    public static SafetensorsFile Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    /// <summary>Checks the bytes of a file.</summary>
    /// <param name="file">The whole file; the tensors keep views of it.</param>
    /// <returns>The tensors.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a valid safetensors file; the message says why.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> file)
    {
        try
        {
            return Read(file);
        }
        catch (InvalidDataException exception) when (FileKinds.Of(file.Span) is { } kind)
        {
            throw new InvalidDataException($"This is not a safetensors file. {kind}", exception);
        }
    }

    private static SafetensorsFile Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < SafetensorsElement.LengthPrefix)
        {
            throw new InvalidDataException($"A safetensors file starts with 8 bytes of header length, but this one has {file.Length} bytes in all.");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        int available = file.Length - SafetensorsElement.LengthPrefix;
        if (headerLength > SafetensorsElement.MaxHeaderLength)
        {
            throw new InvalidDataException($"The header says that it has {headerLength} bytes, but the format allows at most {SafetensorsElement.MaxHeaderLength}: this is not a safetensors file.");
        }

        if ((int)headerLength > available)
        {
            throw new InvalidDataException($"The header says that it has {headerLength} bytes, but only {available} follow: the file is truncated.");
        }

        ReadOnlyMemory<byte> header = file.Slice(SafetensorsElement.LengthPrefix, (int)headerLength);
        ReadOnlyMemory<byte> data = file[(SafetensorsElement.LengthPrefix + (int)headerLength)..];
        return SafetensorsHeaderReader.Read(header.Span, data);
    }

    /// <summary>The tensors' count and names.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Tensors.Count} tensors{(Tensors.Count == 0 ? "" : ": ")}{string.Join(", ", Tensors.Keys.Take(4))}{(Tensors.Count > 4 ? ", ..." : "")}";

    /// <summary>A name from a file as it may stand in a message: in quotes, short, without control characters.</summary>
    internal static string Quote(string name)
    {
        const int MaxLength = 80;
        var text = new StringBuilder("\"");
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, MaxLength)))
        {
            text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return text.Append(name.Length > MaxLength ? "...\"" : "\"").ToString();
    }

    private string Missing(string name)
    {
        const int Shown = 12;
        var text = new StringBuilder($"The file has no tensor {Quote(name)}");
        if (Tensors.Count == 0)
        {
            return text.Append("; it has no tensors at all.").ToString();
        }

        text.Append("; it has ");
        int count = 0;
        foreach (string other in Tensors.Keys)
        {
            if (count == Shown)
            {
                text.Append($" and {Tensors.Count - Shown} more");
                break;
            }

            text.Append(count++ == 0 ? string.Empty : ", ").Append(Quote(other));
        }

        return text.Append('.').ToString();
    }
}
