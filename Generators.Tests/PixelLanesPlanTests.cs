using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>When lanes are neighbouring pixels, and how output channels are then cut into chunks. The choices are those that measurements favour.</summary>
public class PixelLanesPlanTests
{
    [Theory]
    [InlineData(64, 3, 3, 2)]
    [InlineData(64, 12, 3, 2)]
    [InlineData(16, 1, 3, 2)]
    [InlineData(32, 8, 5, 2)]
    [InlineData(3, 8, 3, 2)]
    [InlineData(64, 8, 1, 2)]
    [InlineData(32, 6, 2, 2)]
    [InlineData(8, 2, 3, 4096)]
    [InlineData(64, 12, 3, 1)]
    [InlineData(64, 36, 3, 1)]
    public void Few_output_channels_are_planned_by_pixels(int inputs, int outputs, int kernel, int stride) =>
        Assert.IsType<PixelLanesPlan>(Planner.Plan(Layer(LayerKind.Conv2d, inputs, outputs, kernel, stride)).Dataflow);

    [Theory]
    [InlineData(64, 16, 3, 2)]
    [InlineData(64, 12, 1, 2)] // few products for each pixel that is staged
    [InlineData(32, 12, 2, 2)]
    [InlineData(16, 12, 4, 4)]
    [InlineData(3, 12, 7, 2)] // taps of a kernel row are one step there
    [InlineData(3, 12, 4, 4)]
    [InlineData(64, 12, 3, 3)]
    [InlineData(512, 512, 3, 1)]
    [InlineData(64, 48, 3, 1)]
    public void Others_are_planned_by_channels(int inputs, int outputs, int kernel, int stride) =>
        Assert.IsType<ChannelLanesPlan>(Planner.Plan(Layer(LayerKind.Conv2d, inputs, outputs, kernel, stride)).Dataflow);

    [Theory]
    [InlineData(false, 64, 12, 3, 1, 2, 6)] // two vectors of pixels share each weight
    [InlineData(false, 64, 13, 3, 1, 2, 7)]
    [InlineData(true, 32, 16, 3, 2, 4, 4)] // 3 chunks of 6 would compute 18
    [InlineData(true, 32, 20, 3, 2, 5, 4)]
    [InlineData(true, 32, 7, 4, 4, 4, 2)]
    [InlineData(true, 16, 3, 3, 2, 1, 3)]
    [InlineData(false, 32, 12, 5, 2, 2, 6)] // 300 dot steps of 12 channels would have no machine code
    [InlineData(false, 3, 12, 7, 2, 4, 3)]
    public void Channels_are_cut_into_the_cheapest_chunks(bool transposed, int inputs, int outputs, int kernel, int stride, int chunks, int channels)
    {
        LayerSpec spec = Layer(transposed ? LayerKind.ConvTranspose2d : LayerKind.Conv2d, inputs, outputs, kernel, stride);
        var geometry = LayerGeometry.Of(spec);
        PixelLanesPlan plan = PixelLanesPlan.Of(spec, geometry, out _)!;

        Assert.Equal((chunks, channels), (plan.Panels.Count / geometry.Vertical.Phases.Count, plan.Panels[0].Channels));
        Assert.True(plan.MachineCode);
        Assert.All(geometry.Vertical.Phases, phase => Assert.Equal(
            Enumerable.Range(0, outputs),
            plan.Panels.Where(panel => panel.Vertical.Index == phase.Index).SelectMany(panel => Enumerable.Range(panel.FirstChannel, panel.Channels)).Distinct()));
    }

    [Fact]
    public void Without_machine_code_a_long_tile_stays_whole()
    {
        LayerSpec spec = Layer(LayerKind.Conv2d, 32, 12, 5, 2) with { MachineCode = false };

        Assert.Equal(12, PixelLanesPlan.Of(spec, LayerGeometry.Of(spec), out _)!.Panels.Single().Channels);
    }

    [Theory]
    [InlineData(true, 3, 13, 1, "more horizontal phases than accumulators")]
    [InlineData(false, 300, 1, 1, "a kernel row of all accumulators is longer than a tile method may be")]
    [InlineData(false, 5, 6, 4095, "an output row reads more staged rows than a table holds")]
    public void What_does_not_fit_is_refused(bool transposed, int kernel, int stride, int dilation, string reason)
    {
        var axis = new AxisSpec(kernel, stride, 0, 0, dilation);
        LayerSpec spec = Layer(transposed ? LayerKind.ConvTranspose2d : LayerKind.Conv2d, 4, 2, kernel, stride) with { Vertical = axis, Horizontal = axis };

        Assert.Null(PixelLanesPlan.Of(spec, LayerGeometry.Of(spec), out string refusal));
        Assert.Equal(reason, refusal);
    }

    private static LayerSpec Layer(LayerKind kind, int inputs, int outputs, int kernel, int stride)
    {
        var axis = new AxisSpec(kernel, stride, kernel == stride ? 0 : kernel / 2, 0, 1);
        return new LayerSpec(kind, inputs, outputs, axis, axis, 1, true, ActivationKind.None, 0.01f, true);
    }
}
