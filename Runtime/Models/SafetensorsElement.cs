using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kernels.Models;

/// <summary>What readers and writers of safetensors share: sizes, names and byte order of elements.</summary>
internal static class SafetensorsElement
{
    /// <summary>The header's entry that is not a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Bytes of the little-endian header length at the start of a file.</summary>
    public const int LengthPrefix = 8;

    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const int MaxHeaderLength = 100_000_000;

    /// <summary>Bytes of one element.</summary>
    public static int Size(SafetensorsType type) => type switch
    {
        SafetensorsType.I64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 => 4,
        SafetensorsType.F16 => 2,
        _ => 1,
    };

    /// <summary>The name that a header gives the type.</summary>
    public static string Name(SafetensorsType type) => type switch
    {
        SafetensorsType.F16 => "F16",
        SafetensorsType.F32 => "F32",
        SafetensorsType.U8 => "U8",
        SafetensorsType.I8 => "I8",
        SafetensorsType.I32 => "I32",
        SafetensorsType.I64 => "I64",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The type that a header's name stands for, or null.</summary>
    public static SafetensorsType? Parse(string name) => name switch
    {
        "F16" => SafetensorsType.F16,
        "F32" => SafetensorsType.F32,
        "U8" => SafetensorsType.U8,
        "I8" => SafetensorsType.I8,
        "I32" => SafetensorsType.I32,
        "I64" => SafetensorsType.I64,
        _ => null,
    };

    /// <summary>Copies file bytes, which need not be aligned, to elements of the machine's byte order.</summary>
    public static T[] FromLittleEndian<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        var elements = new T[bytes.Length / Unsafe.SizeOf<T>()];
        Span<byte> target = MemoryMarshal.AsBytes(elements.AsSpan());
        bytes.CopyTo(target);
        SwapOnBigEndian(target, Unsafe.SizeOf<T>());
        return elements;
    }

    /// <summary>Copies elements of the machine's byte order to file bytes.</summary>
    public static byte[] ToLittleEndian<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(elements).ToArray();
        SwapOnBigEndian(bytes, Unsafe.SizeOf<T>());
        return bytes;
    }

    private static void SwapOnBigEndian(Span<byte> bytes, int size)
    {
        if (BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (size)
        {
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<int> ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<long> longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
