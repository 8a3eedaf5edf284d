using System;
using System.IO;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public sealed class PictureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_written_picture_reads_back_byte_for_byte()
    {
        string path = Path.Combine(_folder, "new", "picture.png");
        Picture picture = Pictures.Noise(13, 7);

        PictureFile.Save(path, picture);

        Assert.True(PictureFile.Load(path).SameAs(picture));
    }

    [Fact]
    public void A_missing_file_is_one_sentence_that_names_it()
    {
        var exception = Assert.Throws<UserException>(() => PictureFile.Load("nowhere.png"));

        Assert.Equal("There is no file 'nowhere.png'.", exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(2000)]
    public void A_truncated_file_is_one_sentence_that_names_it(int length)
    {
        string path = Path.Combine(_folder, "broken.png");
        File.WriteAllBytes(path, File.ReadAllBytes(Assets.DefaultPicture)[..length]);

        var exception = Assert.Throws<UserException>(() => PictureFile.Load(path));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_header_that_promises_too_many_pixels_is_refused_before_they_are_decoded()
    {
        string path = Path.Combine(_folder, "huge.png");
        byte[] file = File.ReadAllBytes(Assets.DefaultPicture);
        // Width and height of a PNG are big-endian at 16 and 20.
        file[18] = 64;
        file[22] = 64;
        File.WriteAllBytes(path, file);

        var exception = Assert.Throws<UserException>(() => PictureFile.Load(path));

        Assert.Contains("million", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_sentence()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllBytes(path, []);

        Assert.Throws<UserException>(() => PictureFile.Save(Path.Combine(path, "picture.png"), Pictures.Noise(2, 2)));
    }
}
