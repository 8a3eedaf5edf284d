using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Cluster.Hosting;
using Kernels.Samples.Cluster.Work;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Kernels.Samples.Cluster.Commands;

/// <summary>
/// <c>kernels-cluster measure</c>: the same frames by a loop in one process, by one silo and by two, one thread each, in interleaved rounds. Silos
/// are processes of their own, as they would be on machines of their own.
/// </summary>
internal static class MeasureCommand
{
    private const string Workload = "upconv_7";

    public static Command Create()
    {
        var command = new Command("measure", "Measures what a cluster costs, and what a second silo brings.");
        var frames = new Option<int>("--frames") { Description = "Frames of a round.", DefaultValueFactory = _ => 16 };
        var side = new Option<int>("--side") { Description = "Width and height of a frame.", DefaultValueFactory = _ => 256 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => 5 };
        command.Add(frames);
        command.Add(side);
        command.Add(rounds);
        command.SetAction((result, cancellationToken) => Run(result.GetValue(frames), result.GetValue(side), result.GetValue(rounds), cancellationToken));
        return command;
    }

    private static async Task<int> Run(int count, int side, int rounds, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("kernels-measure-").FullName;
        var children = new List<Process>();
        var clients = new List<IHost>();
        try
        {
            string input = Path.Combine(folder, "in");
            WriteFrames(input, count, side);
            IWorkload workload = UpscaleWorkload.Load(new ModelCache(), threads: 2);
            IGrainFactory one = await Connect(children, clients, silos: 1, firstPort: 21111, cancellationToken);
            IGrainFactory two = await Connect(children, clients, silos: 2, firstPort: 21211, cancellationToken);

            var times = new List<double>[4] { [], [], [], [] };
            var progress = new ConsoleProgress("measuring");
            for (int round = -1; round < rounds; round++)
            {
                // The round before the first lets the runtimes optimise.
                double[] seconds =
                [
                    Loop(workload, new JobRequest(Workload, input, Path.Combine(folder, "loop")), threads: 1),
                    Loop(workload, new JobRequest(Workload, input, Path.Combine(folder, "loop")), threads: 2),
                    await Job(one, $"one {round}", new JobRequest(Workload, input, Path.Combine(folder, "one")), cancellationToken),
                    await Job(two, $"two {round}", new JobRequest(Workload, input, Path.Combine(folder, "two")), cancellationToken),
                ];
                for (int i = 0; i < times.Length && round >= 0; i++)
                {
                    times[i].Add(seconds[i]);
                }

                progress.Report((round + 2.0) / (rounds + 1));
            }

            Report(count, side, Median(times[0]), Median(times[1]), Median(times[2]), Median(times[3]));
            return 0;
        }
        finally
        {
            foreach (IHost client in clients)
            {
                await client.StopAsync(CancellationToken.None);
                client.Dispose();
            }

            foreach (Process child in children)
            {
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
                child.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(int count, int side, double loop, double loops, double one, double two) => Console.Write(string.Create(CultureInfo.InvariantCulture, $"""
        {count} frames of {side}x{side}, medians       s   frames/s   against the loop
        a loop in one process, one thread  {loop,7:F2} {count / loop,10:F2}               1.00
        two such threads: the machine's    {loops,7:F2} {count / loops,10:F2} {loop / loops,18:F2}
        one silo of one thread             {one,7:F2} {count / one,10:F2} {loop / one,18:F2}
        two silos of one thread            {two,7:F2} {count / two,10:F2} {loop / two,18:F2}
        overhead of the cluster {100 * (one / loop - 1):F1} %, of two silos {100 * (two / loops - 1):F1} %; two silos are {one / two:F2} times one

        """));

    /// <summary>Parts of a photograph, all different.</summary>
    private static void WriteFrames(string folder, int count, int side)
    {
        Directory.CreateDirectory(folder);
        Picture photograph = PictureFile.Load(Assets.DefaultPicture);
        for (int i = 0; i < count; i++)
        {
            Picture frame = photograph.Crop(new Region(7 * i % int.Max(1, photograph.Width - side), 5 * i % int.Max(1, photograph.Height - side), side, side));
            File.WriteAllBytes(Path.Combine(folder, $"{i:D4}.png"), PictureCodec.Encode(frame));
        }
    }

    /// <summary>No cluster: threads that take frames until none is left. Two of them show what the machine's second core can bring.</summary>
    private static double Loop(IWorkload workload, JobRequest request, int threads)
    {
        var files = new ItemFiles();
        long start = Stopwatch.GetTimestamp();
        List<WorkItem> items = ItemList.Of(request, workload, files);
        int next = -1;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;

        void Work()
        {
            using KernelThreadsLimit limit = KernelThreads.Limit(1);
            for (int i; (i = Interlocked.Increment(ref next)) < items.Count;)
            {
                files.Compute(workload, items[i]);
            }
        }
    }

    private static async Task<double> Job(IGrainFactory grains, string name, JobRequest request, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        JobStatus status = await new JobClient(grains, name).Run(request, progress: null, cancellationToken);
        return status.Phase == JobPhase.Done
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"The job ended as {status.Phase}: {string.Join(", ", status.Errors)}");
    }

    private static async Task<IGrainFactory> Connect(List<Process> children, List<IHost> clients, int silos, int firstPort, CancellationToken cancellationToken)
    {
        for (int i = 0; i < silos; i++)
        {
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "kernels-cluster.dll"), "silo", "--threads", "1", "--cluster", $"measure {silos}",
                "--port", $"{firstPort + i}", "--gateway", $"{firstPort + 50 + i}", "--primary", $"{firstPort}",
            ];
            Process child = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
            children.Add(child);
            string? line;
            do
            {
                line = await child.StandardOutput.ReadLineAsync(cancellationToken);
            }
            while (line is not null && !line.Contains(SiloCommand.Ready, StringComparison.Ordinal));
        }

        IHost client = ClusterHosting.Client(new ClusterOptions { GatewayPort = firstPort + 50, ClusterId = $"measure {silos}" });
        clients.Add(client);
        await client.StartAsync(cancellationToken);
        return client.Services.GetRequiredService<IGrainFactory>();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
