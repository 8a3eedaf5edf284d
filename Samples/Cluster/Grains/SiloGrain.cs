using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Workloads;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Kernels.Samples.Cluster.Grains;

/// <inheritdoc/>
[Reentrant]
internal sealed class SiloGrain(ILocalSiloDetails silo, KernelWorkers workers) : Grain, ISiloGrain
{
    private const int ItemsOfThread = 2;

    private int _held;

    private int Limit => ItemsOfThread * workers.Count;

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == silo.SiloAddress.ToParsableString()
            ? Task.CompletedTask
            : throw new SiloUnavailableException($"{this.GetPrimaryKeyString()} is gone.");

    public Task<int> Capacity() => Task.FromResult(Limit);

    public async Task<ItemResult> Compute(string workload, string model, WorkItem item)
    {
        if (_held >= Limit)
        {
            return new ItemResult(ItemOutcome.Busy);
        }

        _held++;
        try
        {
            return await GrainFactory.GetGrain<IWorkerGrain>(0).Compute(workload, model, item);
        }
        finally
        {
            _held--;
        }
    }

    public Task Assemble(JobRequest request, WorkItem[] items) => GrainFactory.GetGrain<IWorkerGrain>(0).Assemble(request, items);
}
