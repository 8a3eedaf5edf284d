using System.Net;

namespace Kernels.Samples.Cluster.Hosting;

/// <summary>Where a process stands in the cluster.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The storage of membership, jobs and reminders, in StackExchange.Redis' form; nothing for this machine's memory.</summary>
    public string? Redis { get; init; }

    /// <summary>Clusters with other names do not see each other.</summary>
    public string ClusterId { get; init; } = "kernels";

    /// <summary>The address under which other silos reach this one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Without Redis: the port of the silo on this machine that keeps the list of silos; nothing for this one.</summary>
    public int? PrimaryPort { get; init; }

    /// <summary>Threads that compute; 0 for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>The folder of converted models; nothing for the user's own.</summary>
    public string? Models { get; init; }
}
