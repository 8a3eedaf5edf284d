using System;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Grains;
using Orleans;
using Orleans.Runtime;

namespace Kernels.Samples.Cluster.Commands;

/// <summary>Starts a job and waits for its end, though silos come and go.</summary>
internal sealed class JobClient(IGrainFactory grains, string name)
{
    // Longer than the cluster needs to notice a silo's death.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IJobGrain _job = grains.GetGrain<IJobGrain>(name);

    /// <summary>Runs the job to its end; cancelling cancels it.</summary>
    /// <exception cref="JobException">The job does not take the request.</exception>
    public async Task<JobStatus> Run(JobRequest request, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        await Insist(async () =>
        {
            await _job.Start(request);
            return true;
        });
        while (true)
        {
            JobStatus status = await Insist(_job.Status);
            progress?.Report((double)status.Done / int.Max(1, status.Total));
            if (status.Phase is not JobPhase.Running)
            {
                return status;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                await _job.Cancel();
            }

            await Task.Delay(Poll, CancellationToken.None);
        }
    }

    /// <summary>Asks again where the silo that held the job is gone, until another one does.</summary>
    private static async Task<T> Insist<T>(Func<Task<T>> call)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException && DateTime.UtcNow < end)
            {
                await Task.Delay(Poll);
            }
        }
    }
}
