using System.Threading.Tasks;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>
/// A job, by its name: a picture or a folder of frames. It hands out the items, repeats those that got lost, keeps count, and stores all that,
/// so that it goes on elsewhere when its silo dies.
/// </summary>
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Starts the job, or goes on with it: the same request may come again.</summary>
    /// <param name="request">What to do.</param>
    /// <exception cref="JobException">The job exists with another request, or there is nothing that it could do.</exception>
    Task Start(JobRequest request);

    /// <summary>How far the job is.</summary>
    Task<JobStatus> Status();

    /// <summary>Stops handing out items. What is being computed ends.</summary>
    Task Cancel();
}
