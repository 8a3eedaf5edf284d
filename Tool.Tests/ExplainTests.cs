using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Generators.Emission;
using Kernels.Layers;
using Kernels.Samples.Service.Tests;
using Kernels.Tool.Explaining;
using Microsoft.Playwright;
using Xunit;

namespace Kernels.Tool.Tests;

/// <summary>The page that shows what was generated.</summary>
public sealed class ExplainTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly ConvolutionSpec Transposed = new()
    {
        Kind = ConvolutionKind.ConvTranspose2d,
        InChannels = 16,
        OutChannels = 3,
        KernelHeight = 3,
        KernelWidth = 3,
        StrideHeight = 2,
        StrideWidth = 2,
        PaddingHeight = 1,
        PaddingWidth = 1,
    };

    private static readonly ConvolutionSpec Depthwise = new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 64,
        OutChannels = 64,
        KernelHeight = 3,
        KernelWidth = 3,
        PaddingHeight = 1,
        PaddingWidth = 1,
        Groups = 64,
    };

    private static readonly ConvolutionSpec Dense = new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 32,
        OutChannels = 48,
        KernelHeight = 3,
        KernelWidth = 3,
        PaddingHeight = 1,
        PaddingWidth = 1,
    };

    [Fact]
    public void Every_input_pixel_that_the_planner_says_is_read_is_in_the_picture()
    {
        ExplainedLayer layer = Layer("up", Transposed, 20, 30);
        string svg = PhasesSvg.Of(layer.Plan);
        int taps = layer.Plan.Geometry.Vertical.Phases.Sum(v => layer.Plan.Geometry.Horizontal.Phases.Sum(h => v.Taps.Count * h.Taps.Count));

        Assert.Equal(9, taps);
        Assert.Equal(taps, svg.Split("fill=\"#fff\"").Length - 1);
        Assert.Equal(4, svg.Split("font-weight").Length - 1);
    }

    [Fact]
    public void Figures_are_those_of_the_layer()
    {
        ExplainedLayer up = Layer("up", Transposed, 20, 30);
        ExplainedLayer dense = Layer("dense", Dense, 20, 30);

        Assert.Equal(20 * 30 * 9 * 16 * 3, up.Multiplications);
        Assert.Equal(20 * 30 * 9 * 32 * 48, dense.Multiplications);
        Assert.Equal(20 * 30 * 32 + 20 * 30 * 48 + 9 * 32 * 48, dense.Bytes);

        // Three vectors of 16 output channels, eight units of 4 input channels.
        Assert.Equal(20.0 * 30 * 9 * 8 * 3, dense.Cycles);
        Assert.Equal(1, dense.Use);

        // 9 taps in 3 steps of 4 pixels.
        Assert.Equal(0.75, Layer("depthwise", Depthwise, 56, 56).Use, 1e-9);
    }

    [Fact]
    public void Every_tier_shows_the_tile_that_its_kernel_has()
    {
        foreach ((ConvolutionSpec spec, string dataflow) in new[] { (Transposed, "PixelLanes"), (Depthwise, "Depthwise"), (Dense, "ChannelLanes") })
        {
            ExplainedLayer layer = Layer("layer", spec, 20, 30);
            ReadableTile[] tiles = [.. ReadableTile.Of(layer.Plan)];
            string kernel = KernelEmitter.Emit(layer.Plan.Spec).Text;

            Assert.Equal(dataflow, layer.Dataflow);
            Assert.Equal("Avx512Vnni", tiles[0].Tier.Name);
            Assert.Contains("vpdpbusd", tiles[0].Text, StringComparison.Ordinal);
            foreach (ReadableTile tile in tiles[1..])
            {
                Assert.Contains(tile.Text.Split('\n').First(static line => line.Contains("static void", StringComparison.Ordinal)), kernel, StringComparison.Ordinal);
                Assert.Equal(tile.Rows * tile.Columns, tile.Text.Split(" acc").Select(static part => part.Split(' ', ',', ';', ')', '.')[0]).Where(static name => name.Contains('_', StringComparison.Ordinal) && char.IsDigit(name[0])).Distinct().Count());
            }
        }
    }

    [BrowserFact]
    public async Task The_page_opens_without_a_network_and_shows_each_layer()
    {
        ExplainedLayer[] layers = [Layer("up <1>", Transposed, 20, 30) with { Measured = TimeSpan.FromMicroseconds(12) }, Layer("depthwise", Depthwise, 56, 56), Layer("dense", Dense, 20, 30)];
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        await File.WriteAllTextAsync(path, ExplainPage.Of("net & more", layers, "a test"));
        try
        {
            IPage page = await browser.Open(new Uri(path).AbsoluteUri);
            var problems = 0;
            page.Console += (_, message) => problems += message.Type == "error" ? 1 : 0;
            page.Request += (_, _) => problems++;

            Assert.Equal("net & more", await page.Locator("h1").TextContentAsync());
            Assert.Equal(3, await page.Locator("details").CountAsync());
            Assert.Equal("up <1>", await page.Locator("tbody a").First.TextContentAsync());
            await page.Locator("summary").First.ClickAsync();
            LocatorBoundingBoxResult? phases = await page.Locator("details[open] svg").First.BoundingBoxAsync();
            Assert.True(phases is { Width: > 100, Height: > 50 });
            Assert.Contains("vpdpbusd", await page.Locator("details[open] pre.code").First.InnerTextAsync(), StringComparison.Ordinal);

            // Side by side, and nothing wider than the window.
            LocatorBoundingBoxResult? left = await page.Locator("details[open] pre.code").Nth(0).BoundingBoxAsync();
            LocatorBoundingBoxResult? right = await page.Locator("details[open] pre.code").Nth(1).BoundingBoxAsync();
            Assert.True(right!.X > left!.X + left.Width - 1 && Math.Abs(right.Y - left.Y) < 1);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
            Assert.Equal(0, problems);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ExplainedLayer Layer(string name, ConvolutionSpec spec, int height, int width)
    {
        var input = new Shape4(1, spec.InChannels, height, width);
        return ExplainedLayer.Of(name, spec, input, spec.OutputShape(input));
    }
}
