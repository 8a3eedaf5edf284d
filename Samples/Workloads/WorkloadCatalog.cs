using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>The workloads that a process offers, by name. One model of each serves all.</summary>
internal sealed class WorkloadCatalog(IEnumerable<IWorkload> workloads)
{
    private readonly Dictionary<string, IWorkload> _workloads = workloads.ToDictionary(workload => workload.Name, StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public IEnumerable<IWorkload> All => _workloads.Values.OrderBy(workload => workload.Name, StringComparer.Ordinal);

    /// <summary>The workload of that name, or nothing.</summary>
    public IWorkload? Find(string name) => _workloads.GetValueOrDefault(name);

    /// <summary>Loads every workload there is.</summary>
    /// <param name="cache">Where converted models are kept.</param>
    /// <param name="threads">How many threads will use them at once.</param>
    public static WorkloadCatalog Load(ModelCache cache, int threads) => new(
    [
        UpscaleWorkload.Load(cache, threads, UpscaleModel.Upconv7),
        UpscaleWorkload.Load(cache, threads, UpscaleModel.Cunet),
        TextWorkload.Load(cache),
    ]);
}
