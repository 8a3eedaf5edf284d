using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>A frame, or a tile of a picture: what one thread computes at a time, and what is computed again where it got lost.</summary>
/// <param name="Index">Its place in the job.</param>
/// <param name="Input">The file to read.</param>
/// <param name="Output">The file to write, without its extension.</param>
/// <param name="Tile">The part of the picture; nothing for all of it.</param>
[GenerateSerializer, Alias("kernels.WorkItem"), Immutable]
public sealed record WorkItem(
    [property: Id(0)] int Index,
    [property: Id(1)] string Input,
    [property: Id(2)] string Output,
    [property: Id(3)] TileRegion? Tile);

/// <summary>A rectangle of pixels.</summary>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
[GenerateSerializer, Alias("kernels.TileRegion"), Immutable]
public sealed record TileRegion([property: Id(0)] int X, [property: Id(1)] int Y, [property: Id(2)] int Width, [property: Id(3)] int Height);

/// <summary>What became of an item.</summary>
public enum ItemOutcome
{
    /// <summary>It is computed and written.</summary>
    Done,

    /// <summary>The silo holds as many items as it may.</summary>
    Busy,

    /// <summary>The silo has another model, whose results would be others.</summary>
    OtherModel,

    /// <summary>It cannot be computed, here or elsewhere.</summary>
    Failed,
}

/// <summary>What a silo answers to an item.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Sha256">Of its result, if it is done.</param>
/// <param name="Error">Why not, if it failed.</param>
[GenerateSerializer, Alias("kernels.ItemResult"), Immutable]
public sealed record ItemResult([property: Id(0)] ItemOutcome Outcome, [property: Id(1)] byte[]? Sha256 = null, [property: Id(2)] string? Error = null);
