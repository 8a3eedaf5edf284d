using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>Collects the boxes of tiles, in the order of reading, whichever tile came first.</summary>
internal sealed class BoxesBuilder : IResultBuilder
{
    private readonly Lock _lock = new();
    private readonly List<(Region Tile, BoxesResult Result)> _results = [];

    public void Add(Region tile, Result result)
    {
        lock (_lock)
        {
            _results.Add((tile, (BoxesResult)result));
        }
    }

    public Result Build() => new BoxesResult([.. _results
        .OrderBy(entry => entry.Tile.Y)
        .ThenBy(entry => entry.Tile.X)
        .SelectMany(entry => entry.Result.Boxes)]);
}
