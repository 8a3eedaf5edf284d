using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Xunit;

namespace Kernels.Samples.Service.Tests;

[Collection(WorkloadsFixture.Name)]
public class WorkTests(WorkloadsFixture fixture)
{
    [Theory]
    [InlineData("upconv_7")]
    [InlineData("cunet")]
    public async Task The_answer_has_the_bytes_that_the_library_gives(string workload)
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        Picture picture = Pictures.Noise(150, 70);

        using HttpResponseMessage response = await service.Post(workload, PictureCodec.Encode(picture));

        Picture answer = PictureCodec.Decode(await response.Content.ReadAsByteArrayAsync(), long.MaxValue);
        Picture expected = fixture.Upscale(picture, workload);
        Assert.Equal((300, 140), (answer.Width, answer.Height));
        Assert.Equal(expected.Pixels, answer.Pixels);
        Assert.Equal(Result.Hash(expected.Pixels), response.Headers.GetValues("Kernels-Sha256").Single());
    }

    [Fact]
    public async Task Requests_at_once_each_get_their_own_bytes()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        Picture[] pictures = [.. Enumerable.Range(0, 8).Select(i => Pictures.Noise(40 + 9 * i, 30 + 5 * i))];

        byte[][] answers = await Task.WhenAll(pictures.Select(async picture =>
        {
            using HttpResponseMessage response = await service.Post("upconv_7", PictureCodec.Encode(picture));
            return await response.Content.ReadAsByteArrayAsync();
        }));

        Assert.All(pictures.Zip(answers), pair => Assert.Equal(fixture.Upscale(pair.First).Pixels, PictureCodec.Decode(pair.Second, long.MaxValue).Pixels));
    }

    [Fact]
    public async Task Events_tell_the_progress_of_both_networks_and_then_where_the_result_is()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);

        using HttpResponseMessage response = await service.Post("upconv_7", Pictures.NoiseFile(100, 70), "?compare=true", "text/event-stream");
        List<SseItem<string>> events = await Events(response);

        JsonElement done = JsonDocument.Parse(events[^1].Data).RootElement;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("queued", "done"), (events[0].EventType, events[^1].EventType));
        Assert.Equal(["float", "int8"], events.Where(e => e.EventType == "progress").Select(e => JsonDocument.Parse(e.Data).RootElement.GetProperty("phase").GetString()).Distinct().Order());
        Assert.InRange(done.GetProperty("decibel").GetDouble(), 25, 60);
        Assert.True(done.GetProperty("floatMilliseconds").GetDouble() > 0);
        byte[] file = await service.Client.GetByteArrayAsync(done.GetProperty("file").GetProperty("url").GetString());
        Assert.Equal(Result.Hash(file), done.GetProperty("file").GetProperty("sha256").GetString());
        Assert.Equal(fixture.Upscale(Pictures.Noise(100, 70)).Pixels, PictureCodec.Decode(file, long.MaxValue).Pixels);
    }

    [Fact]
    public async Task Text_is_found_in_a_scene_and_boxed_clockwise_from_the_upper_left()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        byte[] file = await File.ReadAllBytesAsync(WorkloadsFixture.Scene);

        using HttpResponseMessage response = await service.Post("text", file);

        Box[] boxes = JsonSerializer.Deserialize<Box[]>(await response.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
        Assert.Equal(fixture.Boxes(PictureCodec.Decode(file, long.MaxValue), fixture.Catalog.Find("text")!).Select(box => string.Join(' ', box.Corners)), boxes.Select(box => string.Join(' ', box.Corners)));
        Assert.InRange(boxes.Length, 5, 200);
        Assert.All(boxes, box => Assert.InRange(box.Score, 0.6, 1));
        Assert.All(boxes, box => Assert.True(box.Corners[0] < box.Corners[4] && box.Corners[1] < box.Corners[5] && box.Corners[0] < box.Corners[2] && box.Corners[1] < box.Corners[7]));
    }

    [Fact]
    public async Task Boxes_come_as_JSON_in_the_order_of_reading()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        var picture = new Picture(100, 60);
        foreach ((int x, int y) in new[] { (70, 40), (5, 6), (80, 3) })
        {
            picture.Row(y)[x * Picture.Channels] = 255;
        }

        using HttpResponseMessage response = await service.Post("bright", PictureCodec.Encode(picture));

        Box[] boxes = JsonSerializer.Deserialize<Box[]>(await response.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([5f, 80f, 70f], boxes.Select(box => box.Corners[0]));
        Assert.Equal([5f, 6f, 6f, 6f, 6f, 7f, 5f, 7f], boxes[0].Corners);
    }

    [Fact]
    public async Task A_client_that_leaves_stops_its_work()
    {
        using var waiting = new WaitingWorkload(TimeSpan.FromMilliseconds(20));
        await using RunningService service = await RunningService.Start(new WorkloadCatalog([waiting]), "--Service:Threads=1");
        using var leave = new CancellationTokenSource();
        using var content = new ByteArrayContent(Pictures.NoiseFile(320, 160));

        Task<HttpResponseMessage> request = service.Client.PostAsync("api/work/wait", content, leave.Token);
        Assert.True(waiting.Started.Wait(TimeSpan.FromSeconds(30)));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Until(() => service.Get<Admission>().Taken == 0);
        await Task.Delay(100);

        Assert.InRange(waiting.Tiles, 1, 150);
        Assert.Empty(service.Log.Alarming);
    }

    [Fact]
    public async Task Beyond_the_places_the_answer_is_429_at_once_and_those_accepted_all_finish()
    {
        using var waiting = new WaitingWorkload(TimeSpan.FromMinutes(2));
        await using RunningService service = await RunningService.Start(new WorkloadCatalog([waiting]), "--Service:Threads=1", "--Service:Queue=2");
        byte[] file = Pictures.NoiseFile(16, 16);
        Task<HttpResponseMessage>[] accepted = [.. Enumerable.Range(0, 3).Select(_ => service.Post("wait", file))];
        await Until(() => service.Get<Admission>().Taken == 3);

        var times = new double[21];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage refused = await service.Post("wait", file);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        waiting.Open();
        Assert.InRange(times.Order().ElementAt(times.Length / 2), 0, 50);
        Assert.All(await Task.WhenAll(accepted), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_finishes_what_it_accepted()
    {
        using var waiting = new WaitingWorkload(TimeSpan.FromMilliseconds(50));
        await using RunningService service = await RunningService.Start(new WorkloadCatalog([waiting]), "--Service:Threads=1");
        byte[] file = Pictures.NoiseFile(80, 32);
        Task<HttpResponseMessage>[] accepted = [service.Post("wait", file), service.Post("wait", file)];
        await Until(() => service.Get<Admission>().Taken == 2 && waiting.Started.IsSet);

        await service.Stop();

        foreach (HttpResponseMessage response in await Task.WhenAll(accepted))
        {
            Assert.Equal(Pictures.Noise(80, 32).Pixels, PictureCodec.Decode(await response.Content.ReadAsByteArrayAsync(), long.MaxValue).Pixels);
        }
    }

    [Fact]
    public async Task Metrics_and_health_are_served()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        (await service.Post("bright", Pictures.NoiseFile(40, 40))).Dispose();
        (await service.Post("bright", [1, 2, 3])).Dispose();

        string metrics = await service.Client.GetStringAsync("metrics");

        Assert.Contains("kernels_requests_total", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"done\"", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"refused\"", metrics, StringComparison.Ordinal);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("health/ready"));
        Assert.Equal("Healthy", await service.Client.GetStringAsync("health/live"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);

        using HttpResponseMessage workload = await service.Post("nothing", Pictures.NoiseFile(4, 4));
        using HttpResponseMessage result = await service.Client.GetAsync("api/results/0123");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (workload.StatusCode, result.StatusCode));
    }

    internal static async Task<List<SseItem<string>>> Events(HttpResponseMessage response)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync();
        return await SseParser.Create(body).EnumerateAsync().ToListAsync();
    }

    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }
}
