using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Grains;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Xunit;

namespace Kernels.Samples.Cluster.Tests;

[Collection(SilosCollection.Name)]
public class JobTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(60);

    [Fact]
    public async Task Every_frame_arrives_once_and_every_silo_computes_some()
    {
        using var frames = new Frames(30, 20, 16);
        var workload = new SlowWorkload(Long);
        await using TestSilos silos = await TestSilos.Start(3, _ => new WorkloadCatalog([workload]));

        JobStatus status = await silos.Run("job", new JobRequest("slow", frames.Input, frames.Output));

        Assert.Equal((JobPhase.Done, 30, 30, 0), (status.Phase, status.Done, status.Total, status.Repeated));
        Assert.Equal(frames.AssertComplete(workload), status.Sha256);
        Assert.Equal(silos.Addresses.Order(), status.ItemsOfSilos.Keys.Order());
        Assert.Equal(30, status.ItemsOfSilos.Values.Sum());
    }

    [Fact]
    public async Task A_job_survives_the_death_of_the_silo_that_holds_it()
    {
        using var frames = new Frames(60, 20, 16);
        var workload = new SlowWorkload(Long);
        await using TestSilos silos = await TestSilos.Start(3, _ => new WorkloadCatalog([workload]));
        var request = new JobRequest("slow", frames.Input, frames.Output);
        await silos.Job("job").Start(request);
        JobStatus before = await silos.Reached("job", 10);

        await silos.Kill(before.Silo);
        JobStatus status = await silos.Run("job", request);

        Assert.Equal((JobPhase.Done, 60, 60), (status.Phase, status.Done, status.Total));
        Assert.NotEqual(before.Silo, status.Silo);
        Assert.Equal(frames.AssertComplete(workload), status.Sha256);
    }

    [Fact]
    public async Task A_picture_is_cut_into_tiles_and_put_together_again()
    {
        using var frames = new Frames(1, 8, 8);
        var workload = new SlowWorkload(Short);
        await using TestSilos silos = await TestSilos.Start(2, _ => new WorkloadCatalog([workload]));
        Picture picture = Frames.Noise(600, 300, seed: 7);
        string input = Path.Combine(frames.Input, "large.png");
        string output = Path.Combine(frames.Output, "large.png");
        await File.WriteAllBytesAsync(input, PictureCodec.Encode(picture));

        JobStatus status = await silos.Run("job", new JobRequest("slow", input, output));

        Assert.Equal((JobPhase.Done, 6), (status.Phase, status.Total));
        Assert.Equal(Frames.Compute(workload, picture).Pixels, PictureCodec.Decode(await File.ReadAllBytesAsync(output), long.MaxValue).Pixels);
        Assert.Equal([output], Directory.EnumerateFileSystemEntries(frames.Output));
    }

    [Fact]
    public async Task A_silo_holds_two_items_a_thread_and_refuses_more()
    {
        using var frames = new Frames(1, 20, 16);
        await using TestSilos silos = await TestSilos.Start(1, _ => new WorkloadCatalog([new SlowWorkload(TimeSpan.FromMilliseconds(500))]));
        ISiloGrain door = silos.Door(silos.Addresses[0]);
        var item = new WorkItem(0, Path.Combine(frames.Input, "frame0000.png"), Path.Combine(frames.Output, "x"), Tile: null);

        ItemResult[] results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => door.Compute("slow", "one", item)));

        Assert.Equal(2, await door.Capacity());
        Assert.Equal((2, 8), (results.Count(result => result.Outcome == ItemOutcome.Done), results.Count(result => result.Outcome == ItemOutcome.Busy)));
    }

    [Fact]
    public async Task Jobs_that_meet_at_full_silos_all_end()
    {
        using var frames = new Frames(12, 20, 16);
        using var others = new Frames(12, 16, 20);
        var workload = new SlowWorkload(Short);
        await using TestSilos silos = await TestSilos.Start(2, _ => new WorkloadCatalog([workload]));

        JobStatus[] all = await Task.WhenAll(
            silos.Run("first", new JobRequest("slow", frames.Input, frames.Output)),
            silos.Run("second", new JobRequest("slow", others.Input, others.Output)));

        Assert.Equal([frames.AssertComplete(workload), others.AssertComplete(workload)], all.Select(status => status.Sha256));
    }

    [Fact]
    public async Task A_silo_with_another_model_gets_no_work()
    {
        using var frames = new Frames(20, 20, 16);
        await using TestSilos silos = await TestSilos.Start(2, silo => new WorkloadCatalog([new SlowWorkload(Short, $"model {silo}")]));

        JobStatus status = await silos.Run("job", new JobRequest("slow", frames.Input, frames.Output));

        Assert.Equal((JobPhase.Done, 20), (status.Phase, status.Done));
        Assert.Equal([status.Silo], status.ItemsOfSilos.Keys);
    }

    [Fact]
    public async Task A_damaged_frame_is_named_and_the_others_are_computed()
    {
        using var frames = new Frames(5, 20, 16);
        string damaged = Path.Combine(frames.Input, "frame0002.png");
        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(damaged))[..100]);
        await using TestSilos silos = await TestSilos.Start(1, _ => new WorkloadCatalog([new SlowWorkload(Short)]));

        JobStatus status = await silos.Run("job", new JobRequest("slow", frames.Input, frames.Output));

        Assert.Equal((JobPhase.Failed, 4), (status.Phase, status.Done));
        Assert.Contains("frame0002.png", Assert.Single(status.Errors), StringComparison.Ordinal);
        Assert.Equal(4, Directory.EnumerateFiles(frames.Output).Count());
    }

    [Fact]
    public async Task The_same_request_may_come_again_and_another_is_refused()
    {
        using var frames = new Frames(3, 20, 16);
        await using TestSilos silos = await TestSilos.Start(1, _ => new WorkloadCatalog([new SlowWorkload(Short)]));
        var request = new JobRequest("slow", frames.Input, frames.Output);
        JobStatus first = await silos.Run("job", request);

        JobStatus again = await silos.Run("job", request);

        Assert.Equal((first.Phase, first.Sha256, 3), (again.Phase, again.Sha256, again.ItemsOfSilos.Values.Sum()));
        await Assert.ThrowsAsync<JobException>(() => silos.Job("job").Start(request with { Output = "elsewhere" }));
        await Assert.ThrowsAsync<JobException>(() => silos.Job("other").Start(request with { Workload = "none" }));
        await Assert.ThrowsAsync<JobException>(() => silos.Job("other").Start(request with { Input = "nowhere" }));
        Assert.Equal(JobPhase.Unknown, (await silos.Job("other").Status()).Phase);
    }

    [Fact]
    public async Task A_cancelled_job_hands_out_nothing_more()
    {
        using var frames = new Frames(60, 20, 16);
        await using TestSilos silos = await TestSilos.Start(1, _ => new WorkloadCatalog([new SlowWorkload(Long)]));
        using var cancel = new CancellationTokenSource();

        Task<JobStatus> running = silos.Run("job", new JobRequest("slow", frames.Input, frames.Output), cancel.Token);
        await silos.Reached("job", 3);
        await cancel.CancelAsync();
        JobStatus status = await running;

        Assert.Equal(JobPhase.Cancelled, status.Phase);
        Assert.InRange(status.Done, 3, 55);
    }
}
