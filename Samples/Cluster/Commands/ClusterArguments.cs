using System.CommandLine;
using System.Net;
using Kernels.Samples.Cluster.Hosting;

namespace Kernels.Samples.Cluster.Commands;

/// <summary>The options that say where a process stands in the cluster.</summary>
internal sealed class ClusterArguments
{
    private readonly Option<string?> _redis = new("--redis") { Description = "Redis for membership, jobs and reminders, such as localhost:6379. Without it everything is this machine's memory." };
    private readonly Option<string> _cluster = new("--cluster") { Description = "Name of the cluster.", DefaultValueFactory = _ => "kernels" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads that compute; 0 for one a core." };
    private readonly Option<string?> _models = new("--models") { Description = "Folder of converted models. Silos with different models do not work together." };
    private readonly Option<string> _address = new("--address") { Description = "Address under which other silos reach this one.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "Port for silos.", DefaultValueFactory = _ => 11111 };
    private readonly Option<int> _gateway = new("--gateway") { Description = "Port for clients.", DefaultValueFactory = _ => 30000 };
    private readonly Option<int?> _primary = new("--primary") { Description = "Without Redis: port of the silo on this machine to join." };

    /// <summary>Adds the options of a silo.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _redis, _cluster, _threads, _models, _address, _port, _gateway, _primary })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    public ClusterOptions Read(ParseResult result) => new()
    {
        Redis = result.GetValue(_redis),
        ClusterId = result.GetValue(_cluster)!,
        Threads = result.GetValue(_threads),
        Models = result.GetValue(_models),
        Address = IPAddress.Parse(result.GetValue(_address)!),
        SiloPort = result.GetValue(_port),
        GatewayPort = result.GetValue(_gateway),
        PrimaryPort = result.GetValue(_primary),
    };
}
