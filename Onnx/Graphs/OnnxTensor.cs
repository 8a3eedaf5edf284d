using System;
using System.Globalization;

namespace Kernels.Onnx.Graphs;

/// <summary>
/// A constant of a graph: element type, shape, and the elements in row-major order, real numbers as float32 and all others as 64-bit integers
/// or, where they are weights, as the bytes of the file.
/// </summary>
internal sealed class OnnxTensor
{
    private readonly float[]? _reals;
    private readonly long[]? _integers;
    private readonly sbyte[]? _small;

    private OnnxTensor(ElementType type, int[] shape, float[]? reals, long[]? integers, sbyte[]? small)
    {
        Type = type;
        Shape = shape;
        Count = CountOf(shape);
        _reals = reals;
        _integers = integers;
        _small = small;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions; none for a scalar.</summary>
    public int[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    public int Rank => Shape.Length;

    /// <summary>How the file holds the elements, when it holds int8, uint8 or int32 codes of them.</summary>
    public TensorQuantization? Quantization { get; private init; }

    /// <summary>The same tensor, said to be held as codes.</summary>
    public OnnxTensor With(TensorQuantization? quantization) => new(Type, Shape, _reals, _integers, _small) { Quantization = quantization };

    /// <summary>Makes a tensor of real numbers.</summary>
    public static OnnxTensor Of(int[] shape, float[] values, ElementType type = ElementType.Float)
    {
        Check(shape, values.Length);
        return new OnnxTensor(type, shape, values, null, null);
    }

    /// <summary>Makes a tensor of integers, which wrap around into the type's range.</summary>
    public static OnnxTensor Of(int[] shape, long[] values, ElementType type = ElementType.Int64)
    {
        Check(shape, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Wrap(values[i], type);
        }

        return new OnnxTensor(type, shape, null, values, null);
    }

    /// <summary>Makes a tensor of int8, one byte an element.</summary>
    public static OnnxTensor Of(int[] shape, sbyte[] values)
    {
        Check(shape, values.Length);
        return new OnnxTensor(ElementType.Int8, shape, null, null, values);
    }

    /// <summary>A scalar.</summary>
    public static OnnxTensor Scalar(float value) => Of([], new[] { value });

    /// <summary>The elements as float32.</summary>
    public ReadOnlySpan<float> Reals => _reals ?? (_small is null ? Array.ConvertAll(_integers!, static v => (float)v) : Array.ConvertAll(_small, static v => (float)v));

    /// <summary>The elements as integers; real numbers lose their fraction.</summary>
    public ReadOnlySpan<long> Integers => _integers ?? (_small is null ? Array.ConvertAll(_reals!, ToInteger) : Array.ConvertAll(_small, static v => (long)v));

    /// <summary>The elements of an int8 tensor.</summary>
    public sbyte[] SmallIntegers => _small ?? Array.ConvertAll(_integers!, static v => (sbyte)v);

    /// <summary>Real numbers as an array that must not be changed.</summary>
    public float[] RealArray => _reals ?? Reals.ToArray();

    /// <summary>The same elements with other dimensions.</summary>
    public OnnxTensor Reshape(int[] shape)
    {
        Check(shape, Count);
        return new OnnxTensor(Type, shape, _reals, _integers, _small) { Quantization = Quantization is { IsPerTensor: true } ? Quantization : null };
    }

    /// <summary>The elements in another type.</summary>
    public OnnxTensor Cast(ElementType type)
    {
        if (type == Type)
        {
            return this;
        }

        if (type.IsReal())
        {
            return Of(Shape, Reals.ToArray(), type);
        }

        return type == ElementType.Bool
            ? Of(Shape, Type.IsReal() ? Array.ConvertAll(RealArray, static v => v != 0 ? 1L : 0L) : Array.ConvertAll(Integers.ToArray(), static v => v != 0 ? 1L : 0L), type)
            : Of(Shape, Integers.ToArray(), type);
    }

    /// <summary>The elements at the given places, in a new shape.</summary>
    public OnnxTensor Pick(int[] shape, int[] places)
    {
        Check(shape, places.Length);
        if (_reals is not null)
        {
            return new OnnxTensor(Type, shape, Array.ConvertAll(places, i => _reals[i]), null, null) { Quantization = Quantization is { IsPerTensor: true } ? Quantization : null };
        }

        return _small is not null
            ? new OnnxTensor(Type, shape, null, null, Array.ConvertAll(places, i => _small[i]))
            : new OnnxTensor(Type, shape, null, Array.ConvertAll(places, i => _integers![i]), null);
    }

    /// <summary>Type and shape, as messages print them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type}[{string.Join(", ", Shape)}]");

    /// <summary>The number of elements of a shape.</summary>
    /// <exception cref="OnnxFormatException">A dimension is negative, or there are more elements than an array can hold.</exception>
    public static int CountOf(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            if (size < 0)
            {
                throw new OnnxFormatException($"The dimensions [{string.Join(", ", shape.ToArray())}] are not those of a tensor: one is negative.");
            }

            count *= size;
            if (count > int.MaxValue)
            {
                throw new OnnxFormatException($"A tensor of the dimensions [{string.Join(", ", shape.ToArray())}] is too large.");
            }
        }

        return (int)count;
    }

    private static void Check(int[] shape, int count)
    {
        if (CountOf(shape) != count)
        {
            throw new OnnxFormatException($"A tensor of the dimensions [{string.Join(", ", shape)}] cannot have {count} elements.");
        }
    }

    private static long ToInteger(float value) => float.IsNaN(value) ? 0 : (long)Math.Clamp((double)value, long.MinValue, long.MaxValue);

    private static long Wrap(long value, ElementType type) => type switch
    {
        ElementType.UInt8 => (byte)value,
        ElementType.Int8 => (sbyte)value,
        ElementType.UInt16 => (ushort)value,
        ElementType.Int16 => (short)value,
        ElementType.Int32 => (int)value,
        ElementType.UInt32 => (uint)value,
        ElementType.Bool => value != 0 ? 1 : 0,
        _ => value,
    };
}
