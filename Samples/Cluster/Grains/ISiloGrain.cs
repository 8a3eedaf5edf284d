using System.Threading.Tasks;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>
/// The door of one silo; its key is the silo's address. It lets in a bounded number of items, and hands them to the workers, which as
/// stateless grains are always in their caller's silo.
/// </summary>
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Items that the silo holds at most: those that its threads compute, and as many that wait for them.</summary>
    Task<int> Capacity();

    /// <summary>Computes an item, unless the silo is full.</summary>
    /// <param name="workload">The name of the workload.</param>
    /// <param name="model">SHA-256 of the model it must be computed with.</param>
    /// <param name="item">The item.</param>
    /// <remarks>A silo that dies breaks the call; time alone does not, for nobody knows how large a picture is.</remarks>
    [ResponseTimeout("01:00:00")]
    Task<ItemResult> Compute(string workload, string model, WorkItem item);

    /// <summary>Puts a picture together from the files of its tiles, and removes those.</summary>
    /// <param name="request">The job's.</param>
    /// <param name="items">The job's.</param>
    [ResponseTimeout("01:00:00")]
    Task Assemble(JobRequest request, WorkItem[] items);
}
