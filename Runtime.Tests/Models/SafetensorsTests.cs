using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using FsCheck.Xunit;
using Kernels.Models;
using Xunit;

namespace Kernels.Tests.Models;

public class SafetensorsTests
{
    [Property]
    public void Every_element_type_survives_a_round_trip(float[] f32, byte[] u8, sbyte[] i8, int[] i32, long[] i64, short[] halves)
    {
        Half[] f16 = [.. halves.Select(BitConverter.Int16BitsToHalf)];
        var writer = new SafetensorsWriter();
        writer.Add("u8", [u8.Length], u8);
        writer.Add("f16", [1, f16.Length], f16);
        writer.Add("i8", [i8.Length, 1], i8);
        writer.Add("f32", [f32.Length], f32);
        writer.Add("i32", [i32.Length], i32);
        writer.Add("i64", [i64.Length], i64);

        SafetensorsFile file = SafetensorsFile.Parse(Bytes(writer));

        Assert.Equal(f32.Select(BitConverter.SingleToInt32Bits), file["f32"].ToSingles().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(u8, file["u8"].ToBytes());
        Assert.Equal(i8, file["i8"].ToSBytes());
        Assert.Equal(i32, file["i32"].ToInt32s());
        Assert.Equal(i64, file["i64"].ToInt64s());
        Assert.Equal(f16.Select(static h => (float)h), file["f16"].ToSingles());
        Assert.Equal(new[] { 1, f16.Length }, file["f16"].Shape);
        Assert.Equal(SafetensorsType.I8, file["i8"].Type);
    }

    [Property]
    public void Any_text_survives_a_round_trip_as_name_and_metadata(FsCheck.NonNull<string> text)
    {
        if (!IsUnicode(text.Get))
        {
            return;
        }

        string name = text.Get + "x";
        var writer = new SafetensorsWriter();
        writer.AddMetadata(name, text.Get);
        writer.Add(name, [], [1f]);

        SafetensorsFile file = SafetensorsFile.Parse(Bytes(writer));

        Assert.Equal(text.Get, file.Metadata[name]);
        Assert.Empty(file[name].Shape);
        Assert.Equal(1, file[name].Count);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_order_of_adding()
    {
        var a = new SafetensorsWriter();
        a.AddMetadata("m", "1");
        a.AddMetadata("n", "2");
        a.Add("x", [1], [1f]);
        a.Add("y", [3], "123"u8);
        var b = new SafetensorsWriter();
        b.Add("y", [3], "123"u8);
        b.Add("x", [1], [1f]);
        b.AddMetadata("n", "2");
        b.AddMetadata("m", "1");

        Assert.Equal(Bytes(a), Bytes(b));
    }

    [Fact]
    public void The_data_starts_at_a_multiple_of_8_bytes()
    {
        for (int length = 1; length < 20; length++)
        {
            var writer = new SafetensorsWriter();
            writer.Add(new string('n', length), [1], [1f]);
            byte[] bytes = Bytes(writer);
            Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
            Assert.Equal(bytes.Length, 8 + BitConverter.ToInt64(bytes) + sizeof(float));
        }
    }

    [Property(MaxTest = 2000)]
    public void Random_corruption_throws_nothing_but_InvalidDataException(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = Bytes(Sample());
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            switch (random.Next(3))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    // A printable character in the header leaves valid JSON more often.
                    bytes[8 + random.Next(bytes.Length / 2)] = (byte)"0123456789{}[]\",:IFU\\-e."[random.Next(24)];
                    break;
                default:
                    bytes = bytes[..random.Next(9, bytes.Length)];
                    break;
            }
        }

        ReadEverything(bytes);
    }

    [Property]
    public void Random_bytes_throw_nothing_but_InvalidDataException(byte[] bytes) => ReadEverything(bytes);

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]}}", 4, "two tensors \"a\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "two members \"dtype\"")]
    [InlineData("{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "type \"BF16\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 4, "has 4 bytes of data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "data_offsets 4 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}", 4, "bytes of data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}", 4, "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "1 data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}", 0, "too large")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2147483647,2147483647,4,1073741825],\"data_offsets\":[0,4]}}", 4, "too large")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}", 6, "inside another tensor")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}", 6, "belong to no tensor")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 6, "4 bytes in all")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4]}}", 4, "lacks its data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"extra\":1}}", 4, "unknown member \"extra\"")]
    [InlineData("{\"a\":3}", 0, "must be an object")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[[[4]]],\"data_offsets\":[0,4]}}", 4, "JSON")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "must be a string")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "occurs twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "two entries")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4, "not valid Unicode")]
    [InlineData("{\"a\":", 0, "JSON")]
    [InlineData("{} x", 0, "JSON")]
    [InlineData(" {}", 0, "brace")]
    [InlineData("[]", 0, "brace")]
    public void A_broken_header_is_refused_with_its_reason(string header, int dataLength, string reason)
    {
        var exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(Raw(header, dataLength)));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue, "not a safetensors file")]
    [InlineData(1000, "truncated")]
    public void A_header_length_beyond_the_file_is_refused(ulong length, string reason)
    {
        byte[] bytes = [.. BitConverter.GetBytes(length), .. "{}"u8];
        var exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(bytes));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spaces_after_the_header_are_allowed() => Assert.Empty(SafetensorsFile.Parse(Raw("{}      ", 0)).Tensors);

    [Fact]
    public void A_missing_tensor_names_those_that_there_are()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Bytes(Sample()));
        var exception = Assert.Throws<KeyNotFoundException>(() => file["conv.wieght"]);
        Assert.Contains("\"conv.weight\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_is_not_read_as_another_type()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Bytes(Sample()));
        var exception = Assert.Throws<InvalidDataException>(() => file["conv.codes"].ToSingles());
        Assert.Contains("F32 or F16", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => file["conv.weight"].ToBytes());
        Assert.Throws<InvalidDataException>(() => file["conv.weight"].ToSBytes());
        Assert.Throws<InvalidDataException>(() => file["conv.weight"].ToInt32s());
        Assert.Throws<InvalidDataException>(() => file["conv.weight"].ToInt64s());
    }

    [Fact]
    public void Weights_of_lower_rank_get_dimensions_of_1_at_the_end()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Bytes(Sample()));
        Assert.Equal(new Shape4(2, 3, 1, 1), file["conv.weight"].ToFloatWeight().Shape);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", [2], [1f, float.NaN]);
        SafetensorsFile file = SafetensorsFile.Parse(Bytes(writer));
        Assert.Throws<InvalidDataException>(() => file["w"].ToFloatWeight());
    }

    [Fact]
    public void The_writer_refuses_what_no_reader_would_take()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [1], [1f]);
        writer.AddMetadata("m", "1");
        Assert.Throws<ArgumentException>(() => writer.Add("a", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("b", [2], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add("\ud800", [1], [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("b", [-1, -1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.AddMetadata("m", "1"));
    }

    [Fact]
    public void Load_names_the_broken_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Sample().Save(path);
            Assert.Equal(3, SafetensorsFile.Load(path).Tensors.Count);
            File.WriteAllBytes(path, [1, 2, 3]);
            var exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Load(path));
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static SafetensorsWriter Sample()
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", "test");
        writer.Add("conv.weight", [2, 3], [1f, 2, 3, 4, 5, 6]);
        writer.Add("conv.codes", [3], new sbyte[] { -1, 0, 1 });
        writer.Add("conv.half", [2], [(Half)1, (Half)2]);
        return writer;
    }

    private static void ReadEverything(byte[] bytes)
    {
        try
        {
            foreach (SafetensorsTensor tensor in SafetensorsFile.Parse(bytes).Tensors.Values)
            {
                Assert.Equal(tensor.Bytes.Length, tensor.Bytes.ToArray().Length);
                tensor.ToFloatWeight();
            }
        }
        catch (InvalidDataException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static byte[] Bytes(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }

    private static byte[] Raw(string header, int dataLength) =>
        [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]];

    private static bool IsUnicode(string text)
    {
        try
        {
            new UTF8Encoding(false, true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
