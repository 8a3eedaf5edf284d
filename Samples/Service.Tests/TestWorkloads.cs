using System;
using System.Threading;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Service.Tests;

/// <summary>Finds what is bright: one box for each tile that has a white pixel, from the first of them to the last.</summary>
internal sealed class BrightWorkload : IWorkload
{
    public string Name => "bright";

    public string Title => "Find what is bright";

    public ResultKind Output => ResultKind.Boxes;

    public int Tile => 32;

    public int Halo => 0;

    public int Scale => 1;

    public string Model => "none";

    public IWorkload? Float => null;

    public Result Run(Picture padded, Region tile)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        for (int y = 0; y < padded.Height; y++)
        {
            for (int x = 0; x < padded.Width; x++)
            {
                if (padded.Row(y)[x * Picture.Channels] == 255)
                {
                    (left, right) = (int.Min(left, x), int.Max(right, x + 1));
                    (top, bottom) = (int.Min(top, y), int.Max(bottom, y + 1));
                }
            }
        }

        float x0 = tile.X + left, y0 = tile.Y + top, x1 = tile.X + right, y1 = tile.Y + bottom;
        return new BoxesResult(right < 0 ? [] : [new Box([x0, y0, x1, y0, x1, y1, x0, y1], 1)]);
    }

    public IResultBuilder Assemble(int width, int height) => new BoxesBuilder();
}

/// <summary>Waits instead of computing, and repeats its input.</summary>
/// <param name="each">How long a tile waits, unless <see cref="Open"/> is called before.</param>
internal sealed class WaitingWorkload(TimeSpan each) : IWorkload, IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private int _tiles;

    public string Name => "wait";

    public string Title => "Wait";

    public ResultKind Output => ResultKind.Picture;

    public int Tile => 16;

    public int Halo => 0;

    public int Scale => 1;

    public string Model => "none";

    public IWorkload? Float => null;

    /// <summary>Tiles that were run.</summary>
    public int Tiles => Volatile.Read(ref _tiles);

    /// <summary>Set when a tile runs.</summary>
    public ManualResetEventSlim Started { get; } = new();

    public Result Run(Picture padded, Region tile)
    {
        Started.Set();
        _open.Wait(each);
        Interlocked.Increment(ref _tiles);
        return new PictureResult(padded);
    }

    public IResultBuilder Assemble(int width, int height) => new PictureBuilder(width, height, Scale);

    /// <summary>Lets all tiles go, those that wait and those to come.</summary>
    public void Open() => _open.Set();

    public void Dispose()
    {
        Started.Dispose();
        _open.Dispose();
    }
}
