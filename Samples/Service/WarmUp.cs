using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.Hosting;

namespace Kernels.Samples.Service;

/// <summary>
/// Runs a tile of each network some times after the start, so that the runtime has optimised it before the first figures are shown. Requests
/// are served meanwhile.
/// </summary>
internal sealed class WarmUp(WorkloadCatalog catalog, KernelWorkers workers) : BackgroundService
{
    private const int Runs = 40;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (IWorkload workload in catalog.All.SelectMany(workload => workload.Float is { } twin ? new[] { workload, twin } : [workload]))
        {
            var tile = new Region(0, 0, 16, 16);
            Picture padded = Tiler.Padded(new Picture(tile.Width, tile.Height), tile, workload.Halo);
            for (int i = 0; i < Runs && !stoppingToken.IsCancellationRequested; i++)
            {
                await workers.Run(() => workload.Run(padded, tile), stoppingToken);
            }
        }
    }
}
