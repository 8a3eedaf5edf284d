using System;
using System.Net;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Cluster.Work;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace Kernels.Samples.Cluster.Hosting;

/// <summary>Puts silos and clients together.</summary>
internal static class ClusterHosting
{
    private const string ServiceId = "kernels";

    /// <summary>A process that computes. Building it loads the workloads.</summary>
    public static IHost Silo(ClusterOptions options)
    {
        HostApplicationBuilder builder = Builder();
        AddWork(builder.Services, options, WorkloadCatalog.Load(new ModelCache(options.Models), options.Threads > 0 ? options.Threads : Environment.ProcessorCount));
        builder.UseOrleans(silo =>
        {
            AddMembership(silo, options);
            silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
        });
        return builder.Build();
    }

    /// <summary>A process that only asks.</summary>
    public static IHost Client(ClusterOptions options)
    {
        HostApplicationBuilder builder = Builder();
        builder.UseOrleansClient(client =>
        {
            if (options.Redis is { } redis)
            {
                client.UseRedisClustering(clustering => clustering.ConfigurationOptions = ConfigurationOptions.Parse(redis));
            }
            else
            {
                client.UseLocalhostClustering(options.GatewayPort, ServiceId, options.ClusterId);
            }

            client.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
        });
        return builder.Build();
    }

    /// <summary>What grains need, for any silo.</summary>
    public static void AddWork(IServiceCollection services, ClusterOptions options, WorkloadCatalog catalog)
    {
        services.AddSingleton(catalog);
        services.AddSingleton(_ => new KernelWorkers(options.Threads));
        services.AddSingleton<ItemFiles>();
    }

    /// <summary>How soon a silo that died is noticed: after some seconds, by two others or the only other one.</summary>
    public static void AddFailureDetection(ISiloBuilder silo) => silo.Configure<ClusterMembershipOptions>(membership =>
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
    });

    private static void AddMembership(ISiloBuilder silo, ClusterOptions options)
    {
        AddFailureDetection(silo);
        if (options.Redis is { } redis)
        {
            ConfigurationOptions Configuration() => ConfigurationOptions.Parse(redis);
            silo.ConfigureEndpoints(options.Address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);
            silo.UseRedisClustering(clustering => clustering.ConfigurationOptions = Configuration());
            silo.AddRedisGrainStorage(JobGrain.Storage, storage => storage.ConfigurationOptions = Configuration());
            silo.UseRedisReminderService(reminders => reminders.ConfigurationOptions = Configuration());
        }
        else
        {
            IPEndPoint? primary = options.PrimaryPort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, primary, ServiceId, options.ClusterId);
            silo.AddMemoryGrainStorage(JobGrain.Storage);
            silo.UseInMemoryReminderService();
        }
    }

    private static HostApplicationBuilder Builder()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Kernels", LogLevel.Information);

        // Advice about the collector, and about machines whose cores are all in use, which they are here.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        return builder;
    }
}
