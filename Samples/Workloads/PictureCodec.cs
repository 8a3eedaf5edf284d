using System;
using System.IO;
using Kernels.Samples.Upscale;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Kernels.Samples.Workloads;

/// <summary>
/// Reads PNG and JPEG from whoever sends them, and writes PNG. A file is refused for its size before any pixel of it is decoded, and for
/// what it lacks, where decoders are lenient: half a picture is not a picture.
/// </summary>
internal static class PictureCodec
{
    // Text and colour profiles of a PNG are compressed and may be bombs; orientation is JPEG's.
    private static readonly IImageDecoder Png = new PngDecoder { IgnoreMetadata = true };
    private static readonly IImageDecoder Jpeg = new JpegDecoder();

    // Rows that predict from the row above, and the fastest compression: seven times as fast as the default and no larger.
    private static readonly PngEncoder Encoder = new()
    {
        ColorType = PngColorType.Rgb,
        BitDepth = PngBitDepth.Bit8,
        FilterMethod = PngFilterMethod.Up,
        CompressionLevel = PngCompressionLevel.BestSpeed,
    };

    // Requests are what runs in parallel here.
    private static readonly Configuration OneThread = new(new PngConfigurationModule(), new JpegConfigurationModule()) { MaxDegreeOfParallelism = 1 };

    /// <summary>Reads a picture.</summary>
    /// <param name="file">A PNG or JPEG file.</param>
    /// <param name="maxPixels">The most pixels it may have.</param>
    /// <returns>The picture, upright where the file says how it was taken; transparency is dropped.</returns>
    /// <exception cref="PictureException">It is not a picture, damaged, or too large.</exception>
    public static Picture Decode(byte[] file, long maxPixels)
    {
        bool png = PngFormatCheck.Recognises(file);
        if (!png && !JpegFormatCheck.Recognises(file))
        {
            throw new PictureException(PictureFault.Unknown, "This is neither a PNG nor a JPEG.");
        }

        (int width, int height) = png ? PngFormatCheck.Size(file) : JpegFormatCheck.Size(file);
        if (width < 1 || height < 1)
        {
            throw new PictureException(PictureFault.Damaged, "The picture has no pixels.");
        }

        if ((long)width * height > maxPixels)
        {
            throw new PictureException(PictureFault.TooLarge, $"The picture has {width}x{height} pixels; at most {maxPixels:N0} are accepted.");
        }

        if (png)
        {
            PngFormatCheck.Complete(file);
        }
        else
        {
            JpegFormatCheck.Complete(file);
        }

        return Decode(file, png ? Png : Jpeg);
    }

    /// <summary>A PNG file.</summary>
    public static byte[] Encode(Picture picture)
    {
        using Image<Rgb24> image = Image.WrapMemory<Rgb24>(OneThread, picture.Pixels, picture.Width, picture.Height);
        var file = new MemoryStream();
        image.Save(file, Encoder);
        return file.ToArray();
    }

    private static Picture Decode(byte[] file, IImageDecoder decoder)
    {
        try
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(OneThread, file, decoder);
            image.Mutate(OneThread, context => context.AutoOrient());
            var picture = new Picture(image.Width, image.Height);
            image.CopyPixelDataTo(picture.Pixels);
            return picture;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A damaged file can make a decoder throw anything.
            throw new PictureException(PictureFault.Damaged, "The picture is damaged.", exception);
        }
    }
}
