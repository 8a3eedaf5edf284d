using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>Puts the results of tiles together. Tiles may come in any order and from any thread; each comes once.</summary>
internal interface IResultBuilder
{
    /// <summary>Takes one tile's result.</summary>
    void Add(Region tile, Result result);

    /// <summary>The whole, when every tile has been added.</summary>
    Result Build();
}
