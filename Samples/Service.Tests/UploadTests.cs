using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace Kernels.Samples.Service.Tests;

[Collection(WorkloadsFixture.Name)]
public class UploadTests(WorkloadsFixture fixture)
{
    private const int MaxBytes = 300_000;
    private const int MaxPixels = 100_000;

    [Fact]
    public async Task A_thousand_bad_uploads_are_each_refused_without_an_exception_in_the_log_and_the_service_goes_on()
    {
        await using RunningService service = await Start();
        byte[] png = Pictures.NoiseFile(200, 150);
        byte[] jpeg = Jpeg(200, 150);
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < 1000; i++)
        {
            using HttpResponseMessage response = await service.Post("upconv_7", Bad(i, png, jpeg));
            statuses.Add(response.StatusCode);
        }

        Assert.All(statuses, status => Assert.InRange((int)status, 400, 428));
        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnprocessableEntity],
            statuses.Distinct().Order());
        Assert.Empty(service.Log.Alarming);
        using HttpResponseMessage good = await service.Post("upconv_7", Pictures.NoiseFile(20, 20));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task A_picture_that_is_huge_by_its_header_is_refused_before_it_is_decoded()
    {
        await using RunningService service = await Start();
        byte[] bomb = Pictures.Bomb(60_000, 60_000, 1 << 24);
        long before = GC.GetTotalAllocatedBytes();

        using HttpResponseMessage response = await service.Post("upconv_7", bomb);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8 << 20);
    }

    [Fact]
    public void Data_that_inflates_to_more_than_the_header_says_is_not_inflated()
    {
        byte[] bomb = Pictures.Bomb(1, 1, 1 << 28);
        long before = GC.GetTotalAllocatedBytes();

        Picture picture = PictureCodec.Decode(bomb, MaxPixels);

        Assert.Equal((1, 1), (picture.Width, picture.Height));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8 << 20);
    }

    [Fact]
    public async Task A_declared_length_beyond_the_limit_is_refused_before_the_body_is_read()
    {
        await using RunningService service = await Start();

        using HttpResponseMessage response = await service.Post("upconv_7", new byte[MaxBytes + 1]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public void A_JPEG_is_read_upright()
    {
        using var image = new Image<Rgb24>(40, 20);
        image.Metadata.ExifProfile = new SixLabors.ImageSharp.Metadata.Profiles.Exif.ExifProfile();
        image.Metadata.ExifProfile.SetValue(SixLabors.ImageSharp.Metadata.Profiles.Exif.ExifTag.Orientation, (ushort)6);
        using var file = new System.IO.MemoryStream();
        image.SaveAsJpeg(file);

        Picture picture = PictureCodec.Decode(file.ToArray(), MaxPixels);

        Assert.Equal((20, 40), (picture.Width, picture.Height));
    }

    [Fact]
    public void A_JPEG_of_too_many_scans_is_refused()
    {
        byte[] jpeg = Jpeg(16, 16);
        int scan = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] many = [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..^2], 101).SelectMany(bytes => bytes), 0xFF, 0xD9];

        PictureException exception = Assert.Throws<PictureException>(() => PictureCodec.Decode(many, MaxPixels));

        Assert.Contains("scans", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncated_file_is_refused()
    {
        byte[] png = Pictures.NoiseFile(20, 20);
        byte[] jpeg = Jpeg(20, 20);

        Assert.All(Enumerable.Range(0, png.Length), length => Assert.Throws<PictureException>(() => PictureCodec.Decode(png[..length], MaxPixels)));
        Assert.All(Enumerable.Range(0, jpeg.Length), length => Assert.Throws<PictureException>(() => PictureCodec.Decode(jpeg[..length], MaxPixels)));
    }

    private Task<RunningService> Start() => RunningService.Start(fixture.Catalog, $"--Service:MaxBytes={MaxBytes}", $"--Service:MaxPixels={MaxPixels}");

    private static byte[] Jpeg(int width, int height)
    {
        using Image<Rgb24> image = Image.WrapMemory<Rgb24>(Pictures.Noise(width, height).Pixels, width, height);
        using var file = new System.IO.MemoryStream();
        image.SaveAsJpeg(file);
        return file.ToArray();
    }

    /// <summary>A file that is no picture, too large in one way or another, or damaged; never the same.</summary>
    private static byte[] Bad(int i, byte[] png, byte[] jpeg)
    {
        var random = new Random(i);
        switch (i % 8)
        {
            case 0:
                return png[..random.Next(8, png.Length)];
            case 1:
                return jpeg[..random.Next(4, jpeg.Length)];
            case 2:
                var junk = new byte[random.Next(1, 2000)];
                random.NextBytes(junk);
                return junk;
            case 3:
                // Checksums cover the type and the data of every chunk; a length that is wrong leads astray.
                byte[] damaged = [.. png];
                damaged[random.Next(8, png.Length)] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 4:
                return Pictures.Bomb((uint)random.Next(400, 100_000), (uint)random.Next(400, 100_000), 1000);
            case 5:
                return Pictures.Bomb((uint)random.Next(0, 2) * uint.MaxValue, 3, 10);
            case 6:
                return new byte[MaxBytes + 1 + random.Next(1000)];
            default:
                return i % 16 < 8 ? [] : "<html>not a picture</html>"u8.ToArray();
        }
    }
}
