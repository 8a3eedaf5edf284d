using System;
using System.IO;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Kernels.Samples.Detect;

/// <summary>Reads and writes picture files. What goes wrong becomes a <see cref="UserException"/> with one clear sentence.</summary>
internal static class Pictures
{
    private const long MostPixels = 100_000_000;

    /// <summary>Reads a picture.</summary>
    public static Image<Rgb24> Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"There is no file '{path}'.");
        }

        try
        {
            // The size first: a small file may say that it is huge.
            return Image.Identify(path) is { } info && (long)info.Width * info.Height > MostPixels
                ? throw new UserException($"'{path}' has {info.Width}x{info.Height} pixels; at most {MostPixels / 1_000_000} million can be read.")
                : Image.Load<Rgb24>(path);
        }
        catch (Exception exception) when (exception is ImageFormatException or InvalidImageContentException or NotSupportedException)
        {
            throw new UserException($"'{path}' cannot be read as a picture: it is damaged, or of an unknown kind.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a PNG and makes its directory if there is none.</summary>
    public static void Save(string path, Image<Rgb24> picture)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
            picture.SaveAsPng(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"'{path}' cannot be written: {exception.Message}", exception);
        }
    }
}
