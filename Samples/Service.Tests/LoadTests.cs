using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Workloads;
using Xunit;
using Xunit.Abstractions;

namespace Kernels.Samples.Service.Tests;

/// <summary>Twice as many clients as there are places, for a bounded number of requests, on this machine.</summary>
[Collection(WorkloadsFixture.Name)]
public class LoadTests(WorkloadsFixture fixture, ITestOutputHelper output)
{
    private const int Queue = 8;

    // KERNELS_LOAD=2000 sends so many pictures to the upscaler, as docs/scaling.md does; without it few wait in place of a network.
    private static readonly int? Upscaled = int.TryParse(Environment.GetEnvironmentVariable("KERNELS_LOAD"), out int count) ? count : null;

    private readonly List<double> _accepted = [];
    private readonly List<double> _refused = [];
    private int _left = Upscaled ?? 300;

    [Fact]
    public async Task At_twice_the_capacity_refusals_are_quick_memory_is_bounded_and_who_is_accepted_waits_for_the_queue_at_most()
    {
        using var waiting = new WaitingWorkload(TimeSpan.FromMilliseconds(30));
        await using RunningService service = await RunningService.Start(Upscaled is null ? new WorkloadCatalog([waiting]) : fixture.Catalog, $"--Service:Queue={Queue}");
        string workload = Upscaled is null ? waiting.Name : "upconv_7";
        byte[] file = Upscaled is null ? Pictures.NoiseFile(16, 16) : Pictures.NoiseFile(64, 64);
        double alone = await Alone(service, workload, file);
        int places = service.Get<Admission>().Places;
        long memory = Process.GetCurrentProcess().WorkingSet64;

        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2 * places).Select(_ => Task.Run(() => Send(service, workload, file))));
        TimeSpan time = Stopwatch.GetElapsedTime(start);

        // Whichever is slower: machines that others share swing.
        alone = double.Max(alone, await Alone(service, workload, file));
        long grown = Process.GetCurrentProcess().WorkingSet64 - memory;
        double bound = (Queue + 1) * alone;
        output.WriteLine($"{places} places, {2 * places} clients, {time.TotalSeconds:F1} s; one request alone {alone:F1} ms; {1000 * _accepted.Count / time.TotalMilliseconds:F1} a second");
        output.WriteLine($"accepted {Figures(_accepted)}; the queue takes {bound:F0} ms");
        output.WriteLine($"refused  {Figures(_refused)}");
        output.WriteLine($"memory   {grown / 1e6:F1} MB more");
        Assert.NotEmpty(_refused);
        Assert.InRange(Percentile(_refused, 0.95), 0, 50);
        Assert.InRange(Percentile(_accepted, 0.95), 0, bound);
        Assert.InRange(grown, long.MinValue, 200_000_000);
        Assert.Empty(service.Log.Alarming);
    }

    private static async Task<double> Alone(RunningService service, string workload, byte[] file)
    {
        var times = new List<double>();
        for (int i = 0; i < 40; i++)
        {
            long start = Stopwatch.GetTimestamp();
            (await service.Post(workload, file)).EnsureSuccessStatusCode().Dispose();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Percentile(times[20..], 0.5);
    }

    private static string Figures(List<double> times) =>
        $"{times.Count,6}: median {Percentile(times, 0.5):F1}, 95 % below {Percentile(times, 0.95):F1}, 99 % below {Percentile(times, 0.99):F1}, longest {Percentile(times, 1):F1} ms";

    private static double Percentile(List<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];
    }

    private async Task Send(RunningService service, string workload, byte[] file)
    {
        while (Interlocked.Decrement(ref _left) >= 0)
        {
            HttpStatusCode status;
            do
            {
                long start = Stopwatch.GetTimestamp();
                using HttpResponseMessage response = await service.Post(workload, file);
                double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                status = response.StatusCode;
                lock (_accepted)
                {
                    (status == HttpStatusCode.TooManyRequests ? _refused : _accepted).Add(time);
                }

                if (status == HttpStatusCode.TooManyRequests)
                {
                    await Task.Delay(20);
                }
            }
            while (status == HttpStatusCode.TooManyRequests);
            Assert.Equal(HttpStatusCode.OK, status);
        }
    }
}
