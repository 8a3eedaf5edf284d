using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.Playwright;
using Xunit;

namespace Kernels.Samples.Service.Tests;

[Collection(WorkloadsFixture.Name)]
public class PageTests(WorkloadsFixture fixture, Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task An_upload_shows_progress_and_then_the_very_bytes_of_the_library()
    {
        await using RunningService service = await RunningService.Start(new WorkloadCatalog([fixture.Catalog.Find("upconv_7")!]));
        IPage page = await browser.Open(service.Url);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        Picture picture = PictureCodec.Decode(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Assets", "chelsea.png")), long.MaxValue).Crop(new Region(60, 20, 280, 190));

        await page.EvaluateAsync("() => { window.phases = []; new MutationObserver(() => phases.push(document.getElementById('phase').textContent)).observe(document.getElementById('phase'), { childList: true }); }");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "cat.png", MimeType = "image/png", Buffer = PictureCodec.Encode(picture) });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Run") }).ClickAsync();
        await page.Locator("#figures").WaitForAsync();

        Task<IDownload> waiting = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync();
        byte[] file = await File.ReadAllBytesAsync(await (await waiting).PathAsync());
        string[] phases = await page.EvaluateAsync<string[]>("() => window.phases");
        string figures = await page.Locator("#figures").InnerTextAsync();
        Picture expected = fixture.Upscale(picture);
        Assert.Equal(expected.Pixels, PictureCodec.Decode(file, long.MaxValue).Pixels);
        Assert.Contains(Result.Hash(expected.Pixels), figures, StringComparison.Ordinal);
        Assert.Contains(Result.Hash(file), figures, StringComparison.Ordinal);
        Assert.Contains("checked in this browser", figures, StringComparison.Ordinal);
        Assert.Contains("times as fast as float", figures, StringComparison.Ordinal);
        Assert.Contains(phases, phase => phase.StartsWith("int8 network: tile", StringComparison.Ordinal));
        Assert.Contains(phases, phase => phase.StartsWith("float network: tile", StringComparison.Ordinal));
        Assert.Equal(560, await page.EvaluateAsync<int>("() => document.getElementById('after').naturalWidth"));
        Assert.Empty(errors);
        await Keep(page, "service");
    }

    [BrowserFact]
    public async Task The_slider_is_moved_by_keys()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        IPage page = await browser.Open(service.Url);

        // Nothing but keys: the sample, the workload, no comparison, Run, then the slider.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("sample") }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#run")).ToBeEnabledAsync();
        await page.Locator("[name=workload]").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Locator("#compare").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#figures").WaitForAsync();
        await page.Locator("#slider").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        string left = await page.Locator("#after").EvaluateAsync<string>("image => image.style.clipPath");
        await page.Keyboard.PressAsync("ArrowRight");
        string next = await page.Locator("#after").EvaluateAsync<string>("image => image.style.clipPath");

        Assert.Equal("inset(0px 0px 0px 0%)", left);
        Assert.Equal("inset(0px 0px 0px 0.5%)", next);
        Assert.Contains("% input", await page.Locator("#slider").GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Boxes_are_drawn_where_they_were_found()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        IPage page = await browser.Open(service.Url);
        var picture = new Picture(64, 64);
        picture.Row(40)[50 * Picture.Channels] = 255;

        await page.GetByText("Find what is bright").ClickAsync();
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "dot.png", MimeType = "image/png", Buffer = PictureCodec.Encode(picture) });
        await page.Locator("#run").ClickAsync();
        await page.Locator("#figures").WaitForAsync();

        await Assertions.Expect(page.Locator("#boxes")).ToBeVisibleAsync();
        Assert.Equal("50 40 51 40 51 41 50 41", await page.Locator("#boxes polygon.int8").GetAttributeAsync("points"));
        Assert.Contains("1 box found", await page.Locator("#legend").InnerTextAsync(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Text_is_boxed_by_both_networks_where_the_library_finds_it()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        IPage page = await browser.Open(service.Url);
        byte[] scene = await File.ReadAllBytesAsync(WorkloadsFixture.Scene);
        Picture picture = PictureCodec.Decode(scene, long.MaxValue);
        IWorkload text = fixture.Catalog.Find("text")!;

        await page.GetByText(text.Title).ClickAsync();
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "receipt.png", MimeType = "image/png", Buffer = scene });
        await page.Locator("#run").ClickAsync();
        await page.Locator("#figures").WaitForAsync();

        await Assertions.Expect(page.Locator("#boxes polygon.int8").First).ToBeVisibleAsync();
        Assert.Equal(Points(text), await Polygons("int8"));
        Assert.Equal(Points(text.Float!), await Polygons("float"));
        Assert.Contains("Found by int8 and by float", await page.Locator("#figures").InnerTextAsync(), StringComparison.Ordinal);
        await Keep(page, "service-text");

        IEnumerable<string> Points(IWorkload workload) => fixture.Boxes(picture, workload).Select(box => string.Join(' ', box.Corners.Select(value => value.ToString(CultureInfo.InvariantCulture))));
        async Task<string?[]> Polygons(string name) => await Task.WhenAll((await page.Locator($"#boxes polygon.{name}").AllAsync()).Select(polygon => polygon.GetAttributeAsync("points")));
    }

    [BrowserFact]
    public async Task A_file_that_is_no_picture_is_explained()
    {
        await using RunningService service = await RunningService.Start(fixture.Catalog);
        IPage page = await browser.Open(service.Url);

        await page.SetInputFilesAsync("#file", new FilePayload { Name = "notes.png", MimeType = "image/png", Buffer = "notes"u8.ToArray() });
        await page.Locator("#run").ClickAsync();
        await page.Locator("#error").WaitForAsync();

        Assert.Equal("This is neither a PNG nor a JPEG.", await page.GetByRole(AriaRole.Alert).InnerTextAsync());
        Assert.True(await page.Locator("#run").IsEnabledAsync());
    }

    [BrowserFact]
    public async Task Cancel_stops_the_work()
    {
        using var waiting = new WaitingWorkload(TimeSpan.FromMilliseconds(20));
        await using RunningService service = await RunningService.Start(new WorkloadCatalog([waiting]), "--Service:Threads=1");
        IPage page = await browser.Open(service.Url);

        await page.SetInputFilesAsync("#file", new FilePayload { Name = "noise.png", MimeType = "image/png", Buffer = Pictures.NoiseFile(480, 320) });
        await page.Locator("#run").ClickAsync();
        await page.GetByText("int8 network: tile").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Locator("#run")).ToBeEnabledAsync();
        for (int i = 0; i < 200 && service.Get<Admission>().Taken > 0; i++)
        {
            await Task.Delay(50);
        }

        Assert.Equal(0, service.Get<Admission>().Taken);
        Assert.InRange(waiting.Tiles, 1, 590);
        Assert.Equal("", await page.Locator("#error").InnerTextAsync());
    }

    /// <summary>Keeps a picture of the page where somebody asks for it, such as the README's, when the runtime has optimised the networks.</summary>
    private static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("KERNELS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            for (int i = 0; i < 3; i++)
            {
                await page.Locator("#run").ClickAsync();
                await Assertions.Expect(page.Locator("#run")).ToBeEnabledAsync(new() { Timeout = 60_000 });
            }

            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
