using System;
using System.IO;
using System.Linq;
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kernels.Bench.Peers;
using Kernels.Bench.Report;
using Perfolizer.Horology;

namespace Kernels.Bench.Commands;

/// <summary>
/// BenchmarkDotNet over a few shapes, with memory. It runs in this process: its own projects would have to restore packages, and
/// kernels are compiled on the spot anyway.
/// </summary>
internal static class BenchmarkDotNetCommand
{
    /// <summary>Runs the benchmarks.</summary>
    public static void Run()
    {
        IPeer[] missing = [.. AllPeers.Create().Where(peer => peer.Missing is not null)];
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(100));
        IConfig config = DefaultConfig.Instance
            .AddJob(job)
            .AddFilter(new SimpleFilter(benchmark =>
                benchmark.Descriptor.WorkloadMethod.GetCustomAttribute<PeerAttribute>() is not PeerAttribute peer || missing.All(absent => absent.Name != peer.Name)))
            .WithArtifactsPath(Path.Combine("artifacts", "BenchmarkDotNet"));
        BenchmarkRunner.Run<LayerBenchmarks>(config);
        foreach (string line in Note.Lines(missing.Select(peer => new Note(peer.Name, peer.Missing!))))
        {
            Console.WriteLine(line);
        }
    }
}
