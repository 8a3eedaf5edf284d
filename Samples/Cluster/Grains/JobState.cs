using System.Collections.Generic;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>What a job stores once, when it starts.</summary>
[GenerateSerializer, Alias("kernels.JobPlan")]
public sealed class JobPlan
{
    /// <summary>What was asked for; nothing before the start.</summary>
    [Id(0)]
    public JobRequest? Request { get; set; }

    /// <summary>SHA-256 of the model: only silos with the same compute.</summary>
    [Id(1)]
    public string Model { get; set; } = "";

    /// <summary>The items, in order.</summary>
    [Id(2)]
    public List<WorkItem> Items { get; set; } = [];
}

/// <summary>What a job stores again and again.</summary>
[GenerateSerializer, Alias("kernels.JobProgress")]
public sealed class JobProgress
{
    /// <summary>Where it stands.</summary>
    [Id(0)]
    public JobPhase Phase { get; set; }

    /// <summary>SHA-256 of every item's result; nothing for those that are to do.</summary>
    [Id(1)]
    public byte[]?[] Hashes { get; set; } = [];

    /// <summary>Why items could not be computed, by their index.</summary>
    [Id(2)]
    public SortedDictionary<int, string> Errors { get; set; } = [];

    /// <summary>Items handed out again.</summary>
    [Id(3)]
    public int Repeated { get; set; }

    /// <summary>Items that each silo has computed, by its address.</summary>
    [Id(4)]
    public Dictionary<string, int> ItemsOfSilos { get; set; } = [];
}
