using System;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Cluster.Hosting;
using Kernels.Samples.Upscale;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Kernels.Samples.Cluster.Commands;

/// <summary><c>kernels-cluster run INPUT OUTPUT</c>: one job, in this process or, with <c>--redis</c>, in the silos that run already.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Computes a folder of frames, or a picture cut into tiles.");
        var input = new Argument<string>("input") { Description = "A folder of PNG and JPEG frames, or a picture." };
        var output = new Argument<string>("output") { Description = "The folder for the results, or the PNG to write." };
        var workload = new Option<string>("--workload") { Description = "What to compute.", DefaultValueFactory = _ => "upconv_7" };
        var job = new Option<string?>("--job") { Description = "Name of the job. One that exists already goes on." };
        var arguments = new ClusterArguments();
        command.Add(input);
        command.Add(output);
        command.Add(workload);
        command.Add(job);
        arguments.AddTo(command);
        command.SetAction((result, cancellationToken) => Run(
            arguments.Read(result),
            result.GetValue(job) ?? $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid():N}"[..24],
            new JobRequest(result.GetValue(workload)!, Path.GetFullPath(result.GetValue(input)!), Path.GetFullPath(result.GetValue(output)!)),
            cancellationToken));
        return command;
    }

    private static async Task<int> Run(ClusterOptions options, string name, JobRequest request, CancellationToken cancellationToken)
    {
        using IHost host = options.Redis is null ? ClusterHosting.Silo(options) : ClusterHosting.Client(options);
        await host.StartAsync(cancellationToken);
        var client = new JobClient(host.Services.GetRequiredService<IGrainFactory>(), name);
        Console.Error.WriteLine($"job {name}");
        try
        {
            long start = Stopwatch.GetTimestamp();
            JobStatus status = await client.Run(request, new ConsoleProgress("computing"), cancellationToken);
            foreach (string error in status.Errors)
            {
                Console.Error.WriteLine(error);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Phase}: {status.Done} of {status.Total} in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {status.Repeated} repeated{(status.Sha256.Length > 0 ? ", SHA-256 " + status.Sha256 : "")}"));
            return status.Phase == JobPhase.Done ? 0 : 1;
        }
        catch (JobException exception)
        {
            Console.Error.WriteLine("kernels-cluster: " + exception.Message);
            return 1;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
