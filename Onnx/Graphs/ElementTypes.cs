namespace Kernels.Onnx.Graphs;

/// <summary>What is true of element types.</summary>
internal static class ElementTypes
{
    /// <summary>Whether the type is one of real numbers.</summary>
    public static bool IsReal(this ElementType type) => type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Whether tensors of the type can be constants here.</summary>
    public static bool IsNumber(this ElementType type) => ByteSize(type) > 0;

    /// <summary>Bytes of an element in a file; 0 for types that are not read.</summary>
    public static int ByteSize(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>Least and greatest value of an integer type.</summary>
    public static (long Least, long Greatest) Range(this ElementType type) => type switch
    {
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        ElementType.UInt32 => (uint.MinValue, uint.MaxValue),
        ElementType.Bool => (0, 1),
        _ => (long.MinValue, long.MaxValue),
    };
}
