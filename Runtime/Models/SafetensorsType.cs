namespace Kernels.Models;

/// <summary>The element types that this library reads from and writes to safetensors files; all are little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE 754 half precision, 2 bytes.</summary>
    F16,

    /// <summary>IEEE 754 single precision, 4 bytes.</summary>
    F32,

    /// <summary>Unsigned integer, 1 byte.</summary>
    U8,

    /// <summary>Signed integer, 1 byte.</summary>
    I8,

    /// <summary>Signed integer, 4 bytes.</summary>
    I32,

    /// <summary>Signed integer, 8 bytes.</summary>
    I64,
}
