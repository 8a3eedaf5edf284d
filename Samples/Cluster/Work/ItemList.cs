using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Cluster.Work;

/// <summary>Cuts a job into items.</summary>
internal static class ItemList
{
    /// <summary>Width and height of a tile of a picture: several of the workload's own, so that a message is worth its while.</summary>
    public const int TileSide = 256;

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>The frames of a folder by name, or the tiles of a picture row by row.</summary>
    /// <exception cref="JobException">There is nothing to compute.</exception>
    public static List<WorkItem> Of(JobRequest request, IWorkload workload, ItemFiles files)
    {
        if (Directory.Exists(request.Input))
        {
            return Frames(request);
        }

        if (!File.Exists(request.Input))
        {
            throw new JobException($"There is no file or folder '{request.Input}'.");
        }

        return Tiles(request, workload, files);
    }

    /// <summary>Where the files of a picture's tiles are, until it is put together.</summary>
    public static string TileFolder(JobRequest request) => request.Output + ".tiles";

    private static List<WorkItem> Frames(JobRequest request)
    {
        string[] frames = [.. Directory.EnumerateFiles(request.Input).Where(IsPicture).Order(StringComparer.Ordinal)];
        if (frames.Length == 0)
        {
            throw new JobException($"There are no PNG or JPEG files in '{request.Input}'.");
        }

        string[] outputs = [.. frames.Select(frame => Path.Combine(request.Output, Path.GetFileNameWithoutExtension(frame)))];
        if (outputs.Distinct(StringComparer.OrdinalIgnoreCase).Count() < outputs.Length)
        {
            throw new JobException($"Two frames in '{request.Input}' differ in nothing but their extension; their results would have one name.");
        }

        return [.. frames.Select((frame, index) => new WorkItem(index, frame, outputs[index], Tile: null))];
    }

    private static List<WorkItem> Tiles(JobRequest request, IWorkload workload, ItemFiles files)
    {
        Picture picture;
        try
        {
            picture = files.Read(request.Input);
        }
        catch (UnreadableException exception)
        {
            throw new JobException(exception.Message);
        }

        int side = (TileSide + workload.Tile - 1) / workload.Tile * workload.Tile;
        return [.. Tiler.Cut(picture.Width, picture.Height, side).Select((tile, index) => new WorkItem(
            index,
            request.Input,
            Path.Combine(TileFolder(request), $"{index:D6}"),
            new TileRegion(tile.X, tile.Y, tile.Width, tile.Height)))];
    }

    private static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
