using System;
using System.IO;
using StbImageSharp;
using StbImageWriteSharp;

namespace Kernels.Samples.Upscale;

/// <summary>Reads and writes picture files. What goes wrong becomes a <see cref="UserException"/> with one clear sentence.</summary>
internal static class PictureFile
{
    // The doubled picture is an array of 12 bytes for each of these.
    private const long MaxPixels = 100_000_000;

    /// <summary>Reads PNG, JPEG, BMP, TGA, PSD or GIF as 8-bit RGB; transparency is dropped.</summary>
    public static Picture Load(string path)
    {
        byte[] file = ReadBytes(path);
        if (ImageInfo.FromStream(new MemoryStream(file)) is { } info && (long)info.Width * info.Height > MaxPixels)
        {
            throw new UserException($"'{path}' has {info.Width}x{info.Height} pixels; at most {MaxPixels / 1_000_000} million can be doubled.");
        }

        try
        {
            ImageResult image = ImageResult.FromMemory(file, StbImageSharp.ColorComponents.RedGreenBlue);
            return new Picture(image.Width, image.Height, image.Data);
        }
        catch (Exception exception)
        {
            // A damaged file can make the decoder throw anything.
            throw new UserException($"'{path}' cannot be read as a picture: it is damaged, or not PNG, JPEG, BMP, TGA, PSD or GIF.", exception);
        }
    }

    /// <summary>Writes a PNG and makes its directory if there is none.</summary>
    public static void Save(string path, Picture picture)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
            using FileStream stream = File.Create(path);
            new ImageWriter().WritePng(picture.Pixels, picture.Width, picture.Height, StbImageWriteSharp.ColorComponents.RedGreenBlue, stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"'{path}' cannot be written: {exception.Message}", exception);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"There is no file '{path}'.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
