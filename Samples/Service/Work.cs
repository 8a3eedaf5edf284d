using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Service;

/// <summary>One accepted request: its picture through the int8 network and, where asked for, through the float one.</summary>
internal sealed class Work(WorkRunner runner, IWorkload workload, Picture picture, bool compare)
{
    private readonly long _accepted = Stopwatch.GetTimestamp();

    /// <summary>Tiles of one network.</summary>
    public int Tiles { get; } = Tiler.Cut(picture.Width, picture.Height, workload.Tile).Length;

    /// <summary>The time since the request was accepted.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_accepted);

    /// <summary>Computes it all.</summary>
    public async Task<(Computed Int8, Computed? Float)> Run(Action<Progress> progress, CancellationToken cancellationToken)
    {
        Computed int8 = await runner.Run(workload, picture, done => progress(new Progress("int8", done, Tiles)), cancellationToken);
        Computed? viaFloat = compare && workload.Float is { } twin
            ? await runner.Run(twin, picture, done => progress(new Progress("float", done, Tiles)), cancellationToken)
            : null;
        return (int8, viaFloat);
    }

    /// <summary>Tells about the results.</summary>
    /// <param name="int8">Of the int8 network.</param>
    /// <param name="viaFloat">Of the float network.</param>
    /// <param name="name">What to call the file.</param>
    /// <param name="url">Where the file is.</param>
    public Summary Summary(Computed int8, Computed? viaFloat, string name, string? url) => new(
        workload.Name,
        workload.Output,
        picture.Width,
        picture.Height,
        Tiles,
        workload.Scale,
        int8.Result.Sha256,
        workload.Model,
        int8.Kernels.TotalMilliseconds,
        viaFloat?.Kernels.TotalMilliseconds,
        Decibel(int8.Result, viaFloat?.Result),
        int8.Wait.TotalMilliseconds,
        Elapsed.TotalMilliseconds,
        new FileSummary(url, name, int8.File.Length, Result.Hash(int8.File)),
        (int8.Result as BoxesResult)?.Boxes,
        (viaFloat?.Result as BoxesResult)?.Boxes);

    private static double? Decibel(Result int8, Result? viaFloat) =>
        int8 is PictureResult picture && viaFloat is PictureResult reference && Psnr.Of(picture.Picture, reference.Picture) is var psnr && double.IsFinite(psnr)
            ? psnr
            : null;
}
