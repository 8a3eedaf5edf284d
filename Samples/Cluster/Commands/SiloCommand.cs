using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Hosting;
using Microsoft.Extensions.Hosting;

namespace Kernels.Samples.Cluster.Commands;

/// <summary><c>kernels-cluster silo</c>: computes for the cluster until it is stopped.</summary>
internal static class SiloCommand
{
    /// <summary>What a silo prints when it takes work.</summary>
    public const string Ready = "Silo is ready";

    public static Command Create()
    {
        var command = new Command("silo", "Computes for a cluster until it is stopped.");
        var arguments = new ClusterArguments();
        arguments.AddTo(command);
        command.SetAction((result, cancellationToken) => Run(arguments.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> Run(ClusterOptions options, CancellationToken cancellationToken)
    {
        using IHost host = ClusterHosting.Silo(options);
        await host.StartAsync(cancellationToken);
        Console.WriteLine($"{Ready}: {options.Address}:{options.SiloPort}, cluster {options.ClusterId}");
        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
