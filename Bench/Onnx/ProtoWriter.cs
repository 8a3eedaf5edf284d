using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace Kernels.Bench.Onnx;

/// <summary>Writes the wire format of protocol buffers: as much of it as an ONNX file needs.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly MemoryStream _stream = new();

    /// <summary>What was written.</summary>
    public byte[] ToArray() => _stream.ToArray();

    /// <summary>A whole number.</summary>
    public ProtoWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        Number((ulong)value);
        return this;
    }

    /// <summary>A float32.</summary>
    public ProtoWriter Single(int field, float value)
    {
        Tag(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _stream.Write(bytes);
        return this;
    }

    /// <summary>Text.</summary>
    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside this one.</summary>
    public ProtoWriter Message(int field, ProtoWriter value) => Bytes(field, value._stream.GetBuffer().AsSpan(0, (int)value._stream.Length));

    /// <summary>Bytes as they are.</summary>
    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        Number((ulong)value.Length);
        _stream.Write(value);
        return this;
    }

    private void Tag(int field, int wireType) => Number((ulong)(field << 3 | wireType));

    private void Number(ulong value)
    {
        while (value > 0x7F)
        {
            _stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        _stream.WriteByte((byte)value);
    }
}
