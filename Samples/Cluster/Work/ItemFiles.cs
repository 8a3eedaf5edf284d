using System;
using System.IO;
using System.Threading;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Cluster.Work;

/// <summary>
/// Items from file to file. A file appears under its name when it is whole, so an item that is computed twice does no harm, and nobody reads half
/// of one.
/// </summary>
internal sealed class ItemFiles
{
    // Of frames and scans: a result is an array of 12 bytes for each.
    private const long MaxPixels = 100_000_000;

    private const string Partial = ".part";

    private readonly Lock _lock = new();
    private (string Path, DateTime Written, Picture? Picture) _last = ("", default, null);

    /// <summary>Computes an item on the calling thread and writes its file.</summary>
    /// <returns>SHA-256 of the result.</returns>
    /// <exception cref="UnreadableException">The input cannot be read.</exception>
    public byte[] Compute(IWorkload workload, WorkItem item)
    {
        // Only tiles come back to their picture.
        Picture picture = item.Tile is null ? Read(item.Input) : ReadOften(item.Input);
        Region region = Of(item.Tile) ?? new Region(0, 0, picture.Width, picture.Height);
        Result result = Compute(workload, picture, region);
        Write(item.Output + result.Extension, result.Encode());
        return Convert.FromHexString(result.Sha256);
    }

    /// <summary>Puts a picture together from its tiles' files. Once that is done, it may be asked for again.</summary>
    public void Assemble(IWorkload workload, JobRequest request, WorkItem[] items)
    {
        if (File.Exists(request.Output) && !Directory.Exists(ItemList.TileFolder(request)))
        {
            return;
        }

        Picture picture = ReadOften(request.Input);
        IResultBuilder builder = workload.Assemble(picture.Width, picture.Height);
        foreach (WorkItem item in items)
        {
            builder.Add(Of(item.Tile) ?? throw new ArgumentException("Frames are not put together.", nameof(items)), ResultFile.Read(item.Output, workload.Output, MaxPixels));
        }

        Write(request.Output, builder.Build().Encode());
        Directory.Delete(ItemList.TileFolder(request), recursive: true);
    }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="UnreadableException">It cannot be read.</exception>
    public Picture Read(string path)
    {
        try
        {
            return PictureCodec.Decode(File.ReadAllBytes(path), MaxPixels);
        }
        catch (Exception exception) when (exception is PictureException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"'{path}': {exception.Message}", exception);
        }
    }

    /// <summary>A region of a picture, in the workload's own tiles.</summary>
    private static Result Compute(IWorkload workload, Picture picture, Region region)
    {
        IResultBuilder builder = workload.Assemble(region.Width, region.Height);
        foreach (Region tile in Tiler.Cut(region.Width, region.Height, workload.Tile))
        {
            Region inPicture = tile with { X = region.X + tile.X, Y = region.Y + tile.Y };
            builder.Add(tile, workload.Run(Tiler.Padded(picture, inPicture, workload.Halo), inPicture));
        }

        return builder.Build();
    }

    /// <summary>Writes a file, which appears under its name when it is whole, and removes what a process that was killed has left of it.</summary>
    public static void Write(string path, byte[] file)
    {
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!).FullName;
        string partial = $"{path}.{Guid.NewGuid():N}{Partial}";
        File.WriteAllBytes(partial, file);
        try
        {
            File.Move(partial, path, overwrite: true);
        }
        catch (FileNotFoundException) when (File.Exists(path))
        {
            // Another one was done with the same item meanwhile, and took this for a leftover: the bytes are the same.
        }

        foreach (string left in Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*{Partial}"))
        {
            try
            {
                File.Delete(left);
            }
            catch (IOException)
            {
                // On Windows: it is being written, and will be moved.
            }
        }
    }

    private static Region? Of(TileRegion? tile) => tile is null ? null : new Region(tile.X, tile.Y, tile.Width, tile.Height);

    private Picture ReadOften(string path)
    {
        lock (_lock)
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            if (_last.Picture is null || _last.Path != path || _last.Written != written)
            {
                _last = (path, written, Read(path));
            }

            return _last.Picture!;
        }
    }
}
