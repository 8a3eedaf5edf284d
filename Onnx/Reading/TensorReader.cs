using System;
using System.Buffers.Binary;
using Google.Protobuf.Collections;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Protos;

namespace Kernels.Onnx.Reading;

/// <summary>Turns a <see cref="TensorProto"/> into a constant. Memory is bounded by the bytes that are there, whatever the dimensions claim.</summary>
internal static class TensorReader
{
    /// <summary>Reads a tensor.</summary>
    /// <exception cref="OnnxFormatException">Dimensions, type and data do not fit each other.</exception>
    public static OnnxTensor Read(TensorProto proto, ExternalData external)
    {
        var type = (ElementType)proto.DataType;
        if (!type.IsNumber())
        {
            throw new OnnxFormatException($"The tensor {proto.Name} has elements of the type {type}, which no operator that is imported reads.");
        }

        int[] shape = Shape(proto.Dims, proto.Name);
        long count = OnnxTensor.CountOf(shape);
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return FromBytes(type, shape, external.Read(proto, count * type.ByteSize()));
        }

        if (proto.RawData.Length > 0 || count == 0)
        {
            return proto.RawData.Length == count * type.ByteSize()
                ? FromBytes(type, shape, proto.RawData.Span)
                : throw Misfit(proto, count, proto.RawData.Length / type.ByteSize());
        }

        return FromFields(proto, type, shape, count);
    }

    /// <summary>Dimensions as numbers that an array can have.</summary>
    public static int[] Shape(RepeatedField<long> dims, string name)
    {
        var shape = new int[dims.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = dims[i] is >= 0 and <= int.MaxValue ? (int)dims[i] : throw new OnnxFormatException($"The tensor {name} has a dimension of {dims[i]}.");
        }

        return shape;
    }

    private static OnnxTensor FromFields(TensorProto proto, ElementType type, int[] shape, long count)
    {
        int stored = type switch
        {
            ElementType.Float => proto.FloatData.Count,
            ElementType.Double => proto.DoubleData.Count,
            ElementType.Int64 => proto.Int64Data.Count,
            ElementType.UInt32 or ElementType.UInt64 => proto.Uint64Data.Count,
            _ => proto.Int32Data.Count,
        };
        if (stored != count)
        {
            throw Misfit(proto, count, stored);
        }

        return type switch
        {
            ElementType.Float => OnnxTensor.Of(shape, [.. proto.FloatData]),
            ElementType.Double => OnnxTensor.Of(shape, Convert(proto.DoubleData, static v => (float)v), type),
            ElementType.Float16 => OnnxTensor.Of(shape, Convert(proto.Int32Data, static v => (float)BitConverter.UInt16BitsToHalf((ushort)v)), type),
            ElementType.BFloat16 => OnnxTensor.Of(shape, Convert(proto.Int32Data, static v => BitConverter.Int32BitsToSingle(v << 16)), type),
            ElementType.Int64 => OnnxTensor.Of(shape, [.. proto.Int64Data]),
            ElementType.UInt32 or ElementType.UInt64 => OnnxTensor.Of(shape, Convert(proto.Uint64Data, static v => (long)v), type),
            ElementType.Int8 => OnnxTensor.Of(shape, Convert(proto.Int32Data, static v => (sbyte)v)),
            _ => OnnxTensor.Of(shape, Convert(proto.Int32Data, static v => (long)v), type),
        };
    }

    private static OnnxTensor FromBytes(ElementType type, int[] shape, ReadOnlySpan<byte> bytes)
    {
        int size = type.ByteSize();
        int count = bytes.Length / size;
        if (type.IsReal())
        {
            var reals = new float[count];
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
                reals[i] = type switch
                {
                    ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(element),
                    ElementType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                    ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                    _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                };
            }

            return OnnxTensor.Of(shape, reals, type);
        }

        if (type == ElementType.Int8)
        {
            var small = new sbyte[count];
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(bytes).CopyTo(small);
            return OnnxTensor.Of(shape, small);
        }

        var integers = new long[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
            integers[i] = size switch
            {
                1 => element[0],
                2 => BinaryPrimitives.ReadInt16LittleEndian(element),
                4 => BinaryPrimitives.ReadInt32LittleEndian(element),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            };
        }

        return OnnxTensor.Of(shape, integers, type);
    }

    private static TTo[] Convert<TFrom, TTo>(RepeatedField<TFrom> values, Converter<TFrom, TTo> convert)
    {
        var result = new TTo[values.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }

    private static OnnxFormatException Misfit(TensorProto proto, long expected, long stored) =>
        new($"The tensor {proto.Name} of the dimensions [{string.Join(", ", proto.Dims)}] needs {expected} elements, but has {stored}.");
}
