using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>What a job is to do. Both paths must be the same for all silos.</summary>
/// <param name="Workload">The name of a workload.</param>
/// <param name="Input">A picture, which is cut into tiles, or a folder of frames.</param>
/// <param name="Output">The file to write, or the folder for a file for each frame.</param>
[GenerateSerializer, Alias("kernels.JobRequest"), Immutable]
public sealed record JobRequest(
    [property: Id(0)] string Workload,
    [property: Id(1)] string Input,
    [property: Id(2)] string Output);
