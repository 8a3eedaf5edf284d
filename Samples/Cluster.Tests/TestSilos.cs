using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Commands;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Cluster.Hosting;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>Silos of one thread each in this process, with storage beside them.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestSilos(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>The silo that started first, and the others.</summary>
    public string[] Addresses => [.. _cluster.Silos.Select(silo => silo.SiloAddress.ToParsableString())];

    public static async Task<TestSilos> Start(int count, Func<int, WorkloadCatalog> catalog)
    {
        var states = new ConcurrentDictionary<string, (string, byte[])>();
        int started = -1;
        var builder = new InProcessTestClusterBuilder((short)count);
        builder.ConfigureSilo((_, silo) =>
        {
            ClusterHosting.AddFailureDetection(silo);
            ClusterHosting.AddWork(silo.Services, new ClusterOptions { Threads = 1 }, catalog(Interlocked.Increment(ref started)));
            silo.UseInMemoryReminderService();
            silo.Services.AddKeyedSingleton<IGrainStorage>(JobGrain.Storage, (services, _) => new SurvivingStorage(states, services.GetRequiredService<Serializer>()));
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilos(cluster);
    }

    public IJobGrain Job(string name) => _cluster.Client.GetGrain<IJobGrain>(name);

    public ISiloGrain Door(string address) => _cluster.Client.GetGrain<ISiloGrain>(address);

    public Task<JobStatus> Run(string name, JobRequest request, CancellationToken cancellationToken = default) =>
        new JobClient(_cluster.Client, name).Run(request, progress: null, cancellationToken);

    /// <summary>Waits until a job has computed some items.</summary>
    public async Task<JobStatus> Reached(string name, int items)
    {
        for (int i = 0; i < 600; i++)
        {
            JobStatus status = await Job(name).Status();
            if (status.Done >= items)
            {
                return status;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"The job did not reach {items} items.");
    }

    /// <summary>Ends a silo without letting it say goodbye.</summary>
    public Task Kill(string address) => _cluster.KillSiloAsync(_cluster.Silos.Single(silo => silo.SiloAddress.ToParsableString() == address));

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}

/// <summary>Tests that start silos do so one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SilosCollection
{
    public const string Name = "silos";
}
