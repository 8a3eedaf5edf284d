using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>ChannelLanes kernels whose channels do not fill units of 4: the taps of a kernel row are one step where they lie side by side.</summary>
public class MergedTapsTests
{
    [Theory]
    [InlineData(1, 9, 1, 9, 3)]
    [InlineData(3, 3, 1, 3, 3)]
    [InlineData(3, 7, 2, 7, 6)]
    [InlineData(1, 4, 1, 4, 1)]
    [InlineData(33, 3, 1, 3, 25)]
    public void The_taps_of_a_row_are_one_step_of_a_convolution(int channels, int kernel, int stride, int steps, int units)
    {
        ChannelLanesPlan plan = Plan(Conv(channels, new AxisSpec(kernel, stride, 1, 0, 1)));

        Assert.Equal(new StepPattern(steps, 1, 1, 1, units, MergesTaps: true), Assert.Single(plan.Patterns));
        Assert.Equal(kernel, Assert.Single(plan.Panels).StepTaps);
        Assert.Equal(16.0 * steps * units, plan.Dots);
        Assert.Equal(units, plan.StepUnits);
        Assert.Equal(units * 4 - channels * kernel, plan.Beyond(Conv(channels, default)));
    }

    [Fact]
    public void Phases_of_a_transposed_layer_merge_as_many_taps_as_they_have()
    {
        // 3 rows of taps x (1 tap in 2 units, 2 taps in 3 units): 15, where padded channels would be 9 x 2.
        ChannelLanesPlan plan = Plan(Conv(5, new AxisSpec(3, 2, 1, 1, 1)) with { Kind = LayerKind.ConvTranspose2d });

        Assert.Equal([(1, 1, 2), (1, 2, 3), (2, 1, 2), (2, 2, 3)], plan.Panels.Select(panel => (plan.Patterns[panel.Pattern].Rows, panel.StepTaps, plan.Patterns[panel.Pattern].Units)));
        Assert.Equal(16.0 * 15, plan.Dots);
        Assert.Null(plan.StepUnits);
    }

    [Fact]
    public void Taps_of_a_transposed_layer_whose_dilation_is_its_stride_lie_side_by_side() =>
        Assert.All(Plan(Conv(3, new AxisSpec(3, 2, 1, 1, 2)) with { Kind = LayerKind.ConvTranspose2d }).Patterns, pattern => Assert.True(pattern.MergesTaps || pattern.Steps == 0));

    [Theory]
    [InlineData(4, 3, 1, 1, 1)] // whole units
    [InlineData(3, 3, 2, 1, 1)] // taps apart
    [InlineData(3, 1, 1, 1, 1)] // a single one
    [InlineData(5, 3, 1, 2, 2)] // channels of another group between them
    public void Otherwise_each_tap_is_a_step(int groupInputs, int kernel, int dilation, int groups, int units)
    {
        LayerSpec spec = Conv(groupInputs * groups, new AxisSpec(kernel, 1, 1, 0, dilation)) with { OutChannels = 16 * groups, Groups = groups };

        Assert.Equal(new StepPattern(kernel, dilation, kernel, dilation, units, MergesTaps: false), Assert.Single(Plan(spec).Patterns));
    }

    [Fact]
    public void The_remarks_say_so_and_how_many_multiplications_are_the_layers()
    {
        LayerSpec spec = Conv(5, new AxisSpec(3, 2, 1, 1, 1)) with { Kind = LayerKind.ConvTranspose2d, OutChannels = 32 };
        string[] lines = [.. RemarksEmitter.Lines(Planner.Plan(spec))];

        Assert.Contains("Merged    taps of a kernel row, which lie side by side in memory: 1 tap x 5 channels in 2 units, 2 taps x 5 channels in 3 units of 4", lines);
        Assert.Contains("Cost      30 dot steps of 16 lanes per input position; 75 % of the multiplications are the layer's", lines);
    }

    private static ChannelLanesPlan Plan(LayerSpec spec) => ChannelLanesPlan.Of(spec, LayerGeometry.Of(spec), out _)!;

    private static LayerSpec Conv(int channels, AxisSpec axis) => new(LayerKind.Conv2d, channels, 16, axis, axis, 1, true, ActivationKind.None, 0, true);
}
