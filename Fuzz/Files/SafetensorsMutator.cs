using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Kernels.Fuzz.Files;

/// <summary>
/// Mutates safetensors files: bytes anywhere; or, with the header's length kept right, the numbers, words and structure of its JSON, in
/// which a model's list of layers is a string; or the numbers of tensors.
/// </summary>
internal static class SafetensorsMutator
{
    private static readonly string[] Numbers =
    [
        "0", "1", "2", "3", "7", "-1", "255", "256", "1024", "1025", "4096", "4097", "65535", "65536", "16777216", "16777217", "1431655766",
        "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "1e9", "1e308", "1e-45", "NaN", "0.5", "-0", "",
    ];

    private static readonly string[] Words =
    [
        "conv", "relu", "input", "Conv2d", "ConvTranspose2d", "Linear", "MaxPool2d", "AvgPool2d", "Upsample", "Cat", "Crop", "Pad", "Add", "Mul", "QuantStub",
        "DeQuantStub", "Nearest", "Bilinear", "Reflect", "Relu6", "LeakyRelu", "True", "False", "F32", "I8", "I32", "\\\\ud800", "\\ud800", "", "null", "__metadata__",
    ];

    private static readonly float[] Floats = [0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, float.MinValue, 1e-38f, 255f, 3e9f];

    /// <summary>One to four mutations of a file.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        // Mostly one, or next to nothing would get past the first check.
        for (int i = random.Next(3) > 0 ? 1 : random.Next(2, 6); i > 0; i--)
        {
            file = random.Next(12) switch
            {
                0 => Bytes(file, random),
                1 or 2 or 3 => Data(file, random),
                4 => Header(file, random, Structure),
                5 => Header(file, random, Word),
                6 => Header(file, random, Number),
                _ => Header(file, random, Argument),
            };
        }

        return file;
    }

    /// <summary>Bytes cut off, left out, twice or changed, anywhere.</summary>
    public static byte[] Bytes(byte[] file, Random random)
    {
        if (file.Length == 0)
        {
            return file;
        }

        int at = random.Next(file.Length);
        int count = random.Next(1, Math.Min(40, file.Length - at) + 1);
        switch (random.Next(5))
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], .. file[(at + count)..]];
            case 2:
                return [.. file[..(at + count)], .. file[at..]];
            case 3:
                byte[] changed = [.. file];
                random.NextBytes(changed.AsSpan(at, random.Next(1, Math.Min(9, count + 1))));
                return changed;
            default:
                byte[] flipped = [.. file];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
    }

    private static byte[] Data(byte[] file, Random random)
    {
        int header = HeaderEnd(file);
        if (header < 0 || file.Length - header < 4)
        {
            return Bytes(file, random);
        }

        byte[] changed = [.. file];
        int at = header + random.Next((file.Length - header) / 4) * 4;
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), random.Next(3) == 0 ? random.Next() : BitConverter.SingleToInt32Bits(Floats[random.Next(Floats.Length)]));
        return changed;
    }

    private static byte[] Header(byte[] file, Random random, Func<string, Random, string> change)
    {
        int end = HeaderEnd(file);
        if (end < 0)
        {
            return Bytes(file, random);
        }

        byte[] header = Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(file, 8, end - 8), random));
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. file[end..]];
    }

    private static int HeaderEnd(byte[] file)
    {
        if (file.Length < 8)
        {
            return -1;
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        return length > 0 && length <= file.Length - 8 ? (int)length + 8 : -1;
    }

    // A number of a layer: those stand between quotes in a string between quotes.
    private static string Argument(string text, Random random)
    {
        int[] starts = [.. Arguments(text)];
        if (starts.Length == 0)
        {
            return Number(text, random);
        }

        int start = starts[random.Next(starts.Length)];
        int end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        string[] near = ["0", "1", "2", "3", "4", "5", "8", "16"];
        string number = random.Next(2) == 0 ? near[random.Next(near.Length)]
            : random.Next(2) == 0 ? ((long)Math.Pow(2, random.NextDouble() * 17)).ToString(CultureInfo.InvariantCulture)
            : Numbers[random.Next(Numbers.Length)];
        return text[..start] + number + text[end..];
    }

    private static IEnumerable<int> Arguments(string text)
    {
        for (int i = text.IndexOf(":\\\"", StringComparison.Ordinal); i >= 0; i = text.IndexOf(":\\\"", i + 1, StringComparison.Ordinal))
        {
            if (i + 3 < text.Length && (char.IsAsciiDigit(text[i + 3]) || text[i + 3] == '-'))
            {
                yield return i + 3;
            }
        }
    }

    // Another number in the place of one: an interesting one, a neighbour, or one of any size.
    private static string Number(string text, Random random)
    {
        int start = Find(text, random, char.IsAsciiDigit);
        if (start < 0)
        {
            return text;
        }

        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        string number = random.Next(4) switch
        {
            0 when long.TryParse(text[start..end], NumberStyles.None, CultureInfo.InvariantCulture, out long old) => (old + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture),
            1 => ((long)Math.Pow(2, random.NextDouble() * 33)).ToString(CultureInfo.InvariantCulture),
            _ => Numbers[random.Next(Numbers.Length)],
        };
        return text[..start] + number + text[end..];
    }

    // Another word in the place of one between quotes.
    private static string Word(string text, Random random)
    {
        int start = Find(text, random, char.IsAsciiLetter);
        if (start < 0)
        {
            return text;
        }

        int end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.'))
        {
            end++;
        }

        return text[..start] + Words[random.Next(Words.Length)] + text[end..];
    }

    // A piece of the text twice, elsewhere or not at all, from one comma or bracket to another.
    private static string Structure(string text, Random random)
    {
        int start = Find(text, random, static letter => letter is ',' or '{' or '[');
        int end = start < 0 ? -1 : text.IndexOfAny([',', '}', ']'], start + 1);
        if (end < 0)
        {
            return text;
        }

        string piece = text[start..end];
        switch (random.Next(3))
        {
            case 0:
                return text[..start] + text[end..];
            case 1:
                return text[..end] + piece + text[end..];
            default:
                int other = Math.Max(0, Find(text, random, static letter => letter is ',' or '}'));
                return text[..other] + piece + text[other..];
        }
    }

    private static int Find(string text, Random random, Func<char, bool> isStart)
    {
        int from = random.Next(Math.Max(1, text.Length));
        for (int i = from; i < text.Length; i++)
        {
            if (isStart(text[i]) && (i == 0 || !isStart(text[i - 1])))
            {
                return i;
            }
        }

        return -1;
    }
}
