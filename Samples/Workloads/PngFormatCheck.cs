using System;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Kernels.Samples.Workloads;

/// <summary>What decides about a PNG before it is decoded (PNG specification, sections 5 and 11.2.2).</summary>
internal static class PngFormatCheck
{
    private const int Overhead = 12;
    private const int HeaderEnd = 33;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Width and height from the header, IHDR, which is the first chunk.</summary>
    public static (int Width, int Height) Size(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderEnd || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
        {
            throw Damaged();
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        return width <= int.MaxValue && height <= int.MaxValue ? ((int)width, (int)height) : throw Damaged();
    }

    /// <summary>Throws unless every chunk up to the last, IEND, is there and has its checksum.</summary>
    public static void Complete(ReadOnlySpan<byte> file)
    {
        bool data = false;
        for (ReadOnlySpan<byte> rest = file[Signature.Length..]; rest.Length >= Overhead;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Overhead)
            {
                break;
            }

            ReadOnlySpan<byte> typeAndData = rest.Slice(4, 4 + (int)length);
            rest = rest[(Overhead + (int)length - 4)..];
            if (Crc32.HashToUInt32(typeAndData) != BinaryPrimitives.ReadUInt32BigEndian(rest))
            {
                break;
            }

            rest = rest[4..];
            data |= typeAndData.StartsWith("IDAT"u8);
            if (typeAndData.StartsWith("IEND"u8) && data)
            {
                return;
            }
        }

        throw Damaged();
    }

    private static PictureException Damaged() => new(PictureFault.Damaged, "The PNG is damaged or incomplete.");
}
