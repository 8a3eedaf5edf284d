using System;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Work;
using Kernels.Samples.Workloads;
using Orleans;
using Orleans.Concurrency;

namespace Kernels.Samples.Cluster.Grains;

/// <inheritdoc/>
/// <remarks>What it computes runs on the threads for kernels, so that the silo's own messages are answered meanwhile.</remarks>
[StatelessWorker]
[Reentrant]
internal sealed class WorkerGrain(WorkloadCatalog catalog, KernelWorkers workers, ItemFiles files) : Grain, IWorkerGrain
{
    public async Task<ItemResult> Compute(string workload, string model, WorkItem item)
    {
        if (catalog.Find(workload) is not { } found || found.Model != model)
        {
            return new ItemResult(ItemOutcome.OtherModel);
        }

        try
        {
            return new ItemResult(ItemOutcome.Done, await workers.Run(() => files.Compute(found, item)));
        }
        catch (UnreadableException exception)
        {
            return new ItemResult(ItemOutcome.Failed, Error: exception.Message);
        }
    }

    public Task Assemble(JobRequest request, WorkItem[] items)
    {
        IWorkload workload = catalog.Find(request.Workload) ?? throw new InvalidOperationException($"There is no workload '{request.Workload}'.");
        return workers.Run(() =>
        {
            files.Assemble(workload, request, items);
            return true;
        });
    }
}
