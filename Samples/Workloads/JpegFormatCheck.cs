using System;
using System.Buffers.Binary;

namespace Kernels.Samples.Workloads;

/// <summary>What decides about a JPEG before it is decoded (ITU-T T.81, annex B).</summary>
internal static class JpegFormatCheck
{
    // Progressive encoders write about ten. Every scan visits all of the picture, so a small file of thousands would keep a core for hours.
    private const int MaxScans = 100;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>Width and height from the frame header.</summary>
    public static (int Width, int Height) Size(ReadOnlySpan<byte> file)
    {
        for (int at = 2; Next(file, ref at) is { } marker && marker != EndOfImage; at += Length(file, at))
        {
            if (IsFrame(marker) && Length(file, at) >= 8 && at + 8 <= file.Length)
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 3)..]));
            }
        }

        throw Damaged();
    }

    /// <summary>Throws unless there are scans, not too many, and the marker of the end.</summary>
    public static void Complete(ReadOnlySpan<byte> file)
    {
        int scans = 0;
        for (int at = 2; Next(file, ref at) is { } marker; at += Length(file, at))
        {
            if (marker == EndOfImage && scans > 0)
            {
                return;
            }

            if (marker == StartOfScan && ++scans > MaxScans)
            {
                throw new PictureException(PictureFault.Damaged, $"The JPEG has more than {MaxScans} scans.");
            }
        }

        throw Damaged();
    }

    /// <summary>Finds the next marker that is not inside a scan's data, and moves behind it; nothing at the end of the file.</summary>
    private static byte? Next(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length - 1)
        {
            int skip = file[at..^1].IndexOf((byte)0xFF);
            if (skip < 0)
            {
                break;
            }

            byte marker = file[at + skip + 1];
            at += skip + (marker == 0xFF ? 1 : 2);

            // 0 is a stuffed byte of data, 0xD0 to 0xD7 are restarts inside of it, 0xFF fills.
            if (marker is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return marker;
            }
        }

        return null;
    }

    /// <summary>The bytes of the segment whose length stands at a place, the length included.</summary>
    private static int Length(ReadOnlySpan<byte> file, int at) =>
        at + 2 <= file.Length && BinaryPrimitives.ReadUInt16BigEndian(file[at..]) is var length and >= 2 ? length : throw Damaged();

    /// <summary>SOF0 to SOF15, without the three numbers that mean other things.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static PictureException Damaged() => new(PictureFault.Damaged, "The JPEG is damaged or incomplete.");
}
