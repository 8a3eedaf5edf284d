using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Commands;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Cluster.Hosting;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Xunit;
using Xunit.Abstractions;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>Silos as processes of their own, which find each other through a redis-server on this machine.</summary>
[Collection(SilosCollection.Name)]
public class ProcessTests(ITestOutputHelper output)
{
    // KERNELS_FRAMES=300 runs it as docs/scaling.md does.
    private static readonly int FrameCount = int.TryParse(Environment.GetEnvironmentVariable("KERNELS_FRAMES"), out int count) ? count : 24;
    private static readonly int FrameSide = FrameCount < 100 ? 64 : 256;

    [RedisFact]
    public async Task A_job_ends_with_every_byte_right_though_the_process_that_holds_it_is_killed()
    {
        using var frames = new Frames(FrameCount, FrameSide, FrameSide);
        using var silos = new SiloProcesses();
        await silos.Start(null, null, null);
        using IHost client = await silos.Connect();
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var request = new JobRequest("upconv_7", frames.Input, frames.Output);
        IJobGrain job = grains.GetGrain<IJobGrain>("film");
        await job.Start(request);
        JobStatus before = await job.Status();
        while (before.Done < FrameCount / 3)
        {
            await Task.Delay(20);
            before = await job.Status();
        }

        silos.Kill(before.Silo);
        JobStatus status = await new JobClient(grains, "film").Run(request, progress: null, default);

        output.WriteLine($"killed {before.Silo} at {before.Done} of {FrameCount}; {status.Repeated} repeated; {string.Join(", ", status.ItemsOfSilos)}");
        Assert.Equal((JobPhase.Done, FrameCount), (status.Phase, status.Done));
        Assert.NotEqual(before.Silo, status.Silo);
        Assert.Equal(frames.AssertComplete(silos.Workload), status.Sha256);
    }

    [RedisFact]
    public async Task Silos_with_different_instruction_sets_give_the_same_bytes()
    {
        using var frames = new Frames(8, 24, 24);
        using var silos = new SiloProcesses();
        await silos.Start(null, "DOTNET_EnableAVX512", "DOTNET_EnableAVX2");
        using IHost client = await silos.Connect();

        JobStatus status = await new JobClient(client.Services.GetRequiredService<IGrainFactory>(), "mixed")
            .Run(new JobRequest("upconv_7", frames.Input, frames.Output), progress: null, default);

        output.WriteLine(string.Join(", ", status.ItemsOfSilos));
        Assert.Equal(JobPhase.Done, status.Phase);
        Assert.Equal(3, status.ItemsOfSilos.Count);
        Assert.Equal(frames.AssertComplete(silos.Workload), status.Sha256);
    }

    [RedisFact]
    public async Task Silos_with_different_instruction_sets_find_the_same_text()
    {
        string scenes = Path.Combine(AppContext.BaseDirectory, "Assets", "scenes");
        string folder = Directory.CreateTempSubdirectory("kernels-text-").FullName;
        using var silos = new SiloProcesses();
        await silos.Start(null, "DOTNET_EnableAVX512", "DOTNET_EnableAVX2");
        using IHost client = await silos.Connect();

        JobStatus status = await new JobClient(client.Services.GetRequiredService<IGrainFactory>(), "text")
            .Run(new JobRequest("text", scenes, folder), progress: null, default);

        Assert.Equal((JobPhase.Done, 3), (status.Phase, status.ItemsOfSilos.Count));
        IWorkload text = TextWorkload.Load(new ModelCache());
        foreach (string scene in Directory.EnumerateFiles(scenes))
        {
            Picture picture = PictureCodec.Decode(await File.ReadAllBytesAsync(scene), long.MaxValue);
            Result expected = text.Run(picture, new Region(0, 0, picture.Width, picture.Height));
            Assert.Equal(expected.Encode(), await File.ReadAllBytesAsync(Path.Combine(folder, Path.GetFileNameWithoutExtension(scene) + ".json")));
        }

        Directory.Delete(folder, recursive: true);
    }

    [RedisFact]
    public async Task A_job_whose_silo_died_goes_on_by_its_reminder_though_nobody_asks()
    {
        using var frames = new Frames(60, 128, 128);
        using var silos = new SiloProcesses();
        await silos.Start(null, null);
        var request = new JobRequest("upconv_7", frames.Input, frames.Output);
        using (IHost client = await silos.Connect())
        {
            IJobGrain job = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>("film");
            await job.Start(request);
            while ((await job.Status()).Done == 0)
            {
                await Task.Delay(20);
            }

            silos.Kill((await job.Status()).Silo);
            await client.StopAsync();
        }

        int atOnce = Directory.EnumerateFiles(frames.Output, "*.png").Count();
        for (int i = 0; i < 180 && Directory.EnumerateFiles(frames.Output, "*.png").Count() < 60; i++)
        {
            await Task.Delay(1000);
        }

        Assert.InRange(atOnce, 0, 59);
        frames.AssertComplete(silos.Workload);
    }

    private sealed class SiloProcesses : IDisposable
    {
        private readonly string _redis;
        private readonly string _folder = Directory.CreateTempSubdirectory("kernels-redis-").FullName;
        private readonly ChildProcess _server;
        private readonly Dictionary<int, ChildProcess> _silos = [];

        public SiloProcesses()
        {
            int port = Ports.Free(1)[0];
            _redis = $"127.0.0.1:{port}";
            _server = new ChildProcess(
                RedisFactAttribute.Path ?? throw new InvalidOperationException("redis-server is missing."),
                ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder],
                "Ready to accept connections");

            // Loaded before the silos, so that they find the model: all must have the same.
            Workload = UpscaleWorkload.Load(new ModelCache(), threads: 1);
        }

        public IWorkload Workload { get; }

        public async Task Start(params string?[] disabled)
        {
            await _server.Ready;
            int[] ports = Ports.Free(2 * disabled.Length);
            for (int i = 0; i < disabled.Length; i++)
            {
                string program = Path.Combine(AppContext.BaseDirectory, "kernels-cluster.dll");
                string[] arguments = [program, "silo", "--redis", _redis, "--threads", "1", "--port", $"{ports[2 * i]}", "--gateway", $"{ports[2 * i + 1]}"];
                _silos.Add(ports[2 * i], new ChildProcess("dotnet", arguments, SiloCommand.Ready, disabled[i]));
            }

            await Task.WhenAll(_silos.Values.Select(silo => silo.Ready));
        }

        public async Task<IHost> Connect()
        {
            IHost client = ClusterHosting.Client(new ClusterOptions { Redis = _redis });
            await client.StartAsync();
            return client;
        }

        public void Kill(string silo) => _silos[SiloAddress.FromParsableString(silo).Endpoint.Port].Kill();

        public void Dispose()
        {
            foreach (ChildProcess silo in _silos.Values)
            {
                silo.Dispose();
            }

            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
