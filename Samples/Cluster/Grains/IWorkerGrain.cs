using System.Threading.Tasks;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>Computes items. It has no state: a silo has as many as it needs.</summary>
public interface IWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Reads, computes and writes an item.</summary>
    /// <param name="workload">The name of the workload.</param>
    /// <param name="model">SHA-256 of the model it must be computed with.</param>
    /// <param name="item">The item.</param>
    [ResponseTimeout("01:00:00")]
    Task<ItemResult> Compute(string workload, string model, WorkItem item);

    /// <summary>Puts a picture together from the files of its tiles, and removes those.</summary>
    /// <param name="request">The job's.</param>
    /// <param name="items">The job's.</param>
    [ResponseTimeout("01:00:00")]
    Task Assemble(JobRequest request, WorkItem[] items);
}
