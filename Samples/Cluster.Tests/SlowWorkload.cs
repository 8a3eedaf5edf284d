using System;
using System.Threading;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>Takes its time to invert a picture, with whichever model it is said to have.</summary>
internal sealed class SlowWorkload(TimeSpan each, string model = "one") : IWorkload
{
    public string Name => "slow";

    public string Title => "Invert";

    public ResultKind Output => ResultKind.Picture;

    public int Tile => 64;

    public int Halo => 0;

    public int Scale => 1;

    public string Model => model;

    public IWorkload? Float => null;

    public Result Run(Picture padded, Region tile)
    {
        Thread.Sleep(each);
        return new PictureResult(new Picture(padded.Width, padded.Height, Array.ConvertAll(padded.Pixels, pixel => (byte)~pixel)));
    }

    public IResultBuilder Assemble(int width, int height) => new PictureBuilder(width, height, Scale);
}
