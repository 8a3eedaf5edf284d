using System;
using System.Collections.Generic;
using System.IO;

namespace Kernels.Models;

/// <summary>One tensor of a safetensors file: a view of the file's bytes that the <c>To...</c> methods copy to arrays.</summary>
public sealed class SafetensorsTensor
{
    private readonly int[] _shape;
    private readonly ReadOnlyMemory<byte> _bytes;

    internal SafetensorsTensor(string name, SafetensorsType type, int[] shape, ReadOnlyMemory<byte> bytes)
    {
        Name = name;
        Type = type;
        _shape = shape;
        Shape = Array.AsReadOnly(shape);
        _bytes = bytes;
        Count = bytes.Length / SafetensorsElement.Size(type);
    }

    /// <summary>The name in the file's header.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The dimensions in PyTorch's order, each at least 0; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of elements: the product of the dimensions, 1 for a scalar.</summary>
    public int Count { get; }

    /// <summary>The elements as they are in the file: contiguous, little-endian, not aligned.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Copies an F32 tensor, or widens an F16 one; both are exact.</summary>
    /// <returns>A new array of <see cref="Count"/> elements in the file's order.</returns>
    /// <exception cref="InvalidDataException">The tensor holds integers.</exception>
    public float[] ToSingles()
    {
        if (Type != SafetensorsType.F16)
        {
            Require(SafetensorsType.F32, "F32 or F16");
            return SafetensorsElement.FromLittleEndian<float>(Bytes);
        }

        Half[] halves = SafetensorsElement.FromLittleEndian<Half>(Bytes);
        var singles = new float[halves.Length];
        for (int i = 0; i < singles.Length; i++)
        {
            singles[i] = (float)halves[i];
        }

        return singles;
    }

    /// <summary>Copies a U8 tensor.</summary>
    /// <returns>A new array of <see cref="Count"/> elements in the file's order.</returns>
    /// <exception cref="InvalidDataException">The tensor has another type.</exception>
    public byte[] ToBytes()
    {
        Require(SafetensorsType.U8, "U8");
        return SafetensorsElement.FromLittleEndian<byte>(Bytes);
    }

    /// <summary>Copies an I8 tensor.</summary>
    /// <returns>A new array of <see cref="Count"/> elements in the file's order.</returns>
    /// <exception cref="InvalidDataException">The tensor has another type.</exception>
    public sbyte[] ToSBytes()
    {
        Require(SafetensorsType.I8, "I8");
        return SafetensorsElement.FromLittleEndian<sbyte>(Bytes);
    }

    /// <summary>Copies an I32 tensor.</summary>
    /// <returns>A new array of <see cref="Count"/> elements in the file's order.</returns>
    /// <exception cref="InvalidDataException">The tensor has another type.</exception>
    public int[] ToInt32s()
    {
        Require(SafetensorsType.I32, "I32");
        return SafetensorsElement.FromLittleEndian<int>(Bytes);
    }

    /// <summary>Copies an I64 tensor.</summary>
    /// <returns>A new array of <see cref="Count"/> elements in the file's order.</returns>
    /// <exception cref="InvalidDataException">The tensor has another type.</exception>
    public long[] ToInt64s()
    {
        Require(SafetensorsType.I64, "I64");
        return SafetensorsElement.FromLittleEndian<long>(Bytes);
    }

    /// <summary>Copies an F32 or F16 tensor to weights; missing dimensions at the end are 1.</summary>
    /// <returns>The weights in PyTorch's order.</returns>
    /// <exception cref="InvalidDataException">
    /// The tensor holds integers, has no or more than 4 dimensions, is empty, or has an element that is not finite.
    /// </exception>
    public FloatWeight ToFloatWeight()
    {
        if (_shape.Length is < 1 or > 4 || Count == 0)
        {
            throw new InvalidDataException($"The tensor {Describe()} cannot be weights, which have 1 to 4 dimensions and at least one element.");
        }

        float[] data = ToSingles();
        foreach (float value in data)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidDataException($"The tensor {Describe()} cannot be weights, because it holds NaN or infinity.");
            }
        }

        return new FloatWeight(new Shape4(Dimension(0), Dimension(1), Dimension(2), Dimension(3)), data);
    }

    /// <summary>Name, type and shape, for messages.</summary>
    /// <returns>For example <c>"conv1.weight" (F32 [16, 3, 3, 3])</c>.</returns>
    public override string ToString() => Describe();

    private string Describe() => $"{SafetensorsFile.Quote(Name)} ({SafetensorsElement.Name(Type)} [{string.Join(", ", _shape)}])";

    private int Dimension(int axis) => axis < _shape.Length ? _shape[axis] : 1;

    private void Require(SafetensorsType type, string expected)
    {
        if (Type != type)
        {
            throw new InvalidDataException($"The tensor {Describe()} cannot be read as {expected}.");
        }
    }
}
