using System.Collections.Generic;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>Where a job stands.</summary>
public enum JobPhase
{
    /// <summary>Nobody has started it.</summary>
    Unknown,

    /// <summary>Items are being computed.</summary>
    Running,

    /// <summary>All is written.</summary>
    Done,

    /// <summary>All but some items is written; <see cref="JobStatus.Errors"/> says why.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>How far a job is.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Done">Items computed.</param>
/// <param name="Total">Items in all.</param>
/// <param name="Repeated">Items handed out again because their call broke; those in flight when the job's own silo died are repeated, too, but nobody counted them.</param>
/// <param name="Silo">The silo that holds the job.</param>
/// <param name="Sha256">Of all items' hashes, in order, when it is done: equal for equal results.</param>
/// <param name="ItemsOfSilos">Items that each silo has computed, by its address.</param>
/// <param name="Errors">At most ten of the reasons why items could not be computed.</param>
[GenerateSerializer, Alias("kernels.JobStatus"), Immutable]
public sealed record JobStatus(
    [property: Id(0)] JobPhase Phase,
    [property: Id(1)] int Done,
    [property: Id(2)] int Total,
    [property: Id(3)] int Repeated,
    [property: Id(4)] string Silo,
    [property: Id(5)] string Sha256,
    [property: Id(6)] IReadOnlyDictionary<string, int> ItemsOfSilos,
    [property: Id(7)] IReadOnlyList<string> Errors);
