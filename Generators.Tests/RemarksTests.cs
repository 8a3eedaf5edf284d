using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>The head of a generated file, as a reader meets it.</summary>
public class RemarksTests
{
    private static readonly LayerSpec Example = Layer(LayerKind.ConvTranspose2d, new AxisSpec(3, 2, 1, 1, 1));

    [Fact]
    public void The_example_shows_its_shape_phases_and_taps()
    {
        Assert.Equal(
            [
                "ConvTranspose2d 16 -> 3, kernel 3x3, stride 2, padding 1, output padding 1",
                "",
                "output pixel  reads input (dy,dx) through tap (ky,kx)",
                "(2y, 2x)      (0,0)x(1,1)",
                "(2y, 2x+1)    (0,0)x(1,2)  (0,1)x(1,0)",
                "(2y+1, 2x)    (0,0)x(2,1)  (1,0)x(0,1)",
                "(2y+1, 2x+1)  (0,0)x(2,2)  (0,1)x(2,0)  (1,0)x(0,2)  (1,1)x(0,0)",
                "",
            ],
            Lines(Example).Take(8));
    }

    [Fact]
    public void The_remarks_name_dataflow_and_cost()
    {
        string[] lines = Lines(Example);

        Assert.Single(lines, line => line.StartsWith("Dataflow  ", System.StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Cost      ", System.StringComparison.Ordinal));
    }

    [Fact]
    public void The_functions_of_a_fused_epilogue_are_named_in_their_order()
    {
        string[] lines = Lines(Example with { Epilogue = new([FusedFunction.HardSwish, FusedFunction.ChannelAffine, FusedFunction.Add]) });

        Assert.Contains("Fused     HardSwish, ChannelAffine, Add: in float32, behind the sums and before the one rounding to codes", lines);
        Assert.Contains("          Add reads a second input of the output's shape", lines);
        Assert.DoesNotContain(Lines(Example), line => line.StartsWith("Fused", System.StringComparison.Ordinal));
    }

    [Fact]
    public void A_convolution_shows_how_its_input_moves()
    {
        string[] lines = Lines(Layer(LayerKind.Conv2d, new AxisSpec(2, 3, 1, 0, 2)));

        Assert.Equal("Conv2d 16 -> 3, kernel 2x2, stride 3, padding 1, dilation 2", lines[0]);
        Assert.Equal("output pixel  reads input (3y+dy,3x+dx) through tap (ky,kx)", lines[2]);
        Assert.Equal("(y, x)        (-1,-1)x(0,0)  (-1,1)x(0,1)  (1,-1)x(1,0)  (1,1)x(1,1)", lines[3]);
    }

    [Theory]
    [InlineData(3, 2, 1, "columns 2n, 2n+1", "each stand side by side")]
    [InlineData(1, 2, 1, "columns 2n+1", "no tap reads the others")]
    [InlineData(3, 6, 2, "columns 6n+1, 6n+3, 6n+5", "each stand side by side")]
    [InlineData(7, 7, 1, "columns 7n to 7n+6", "each stand side by side")]
    public void Rows_that_are_split_by_column_are_explained(int kernel, int stride, int dilation, string columns, string places)
    {
        string text = string.Join('\n', Lines(Layer(LayerKind.Conv2d, new AxisSpec(kernel, stride, stride - 1, 0, dilation))));

        Assert.Contains(columns + "\n", text, System.StringComparison.Ordinal);
        Assert.Contains(places, text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_phase_without_taps_reads_nothing() =>
        Assert.Contains("(2y, 2x+1)    nothing: the bias alone", Lines(Layer(LayerKind.ConvTranspose2d, new AxisSpec(1, 2, 0, 0, 1))));

    [Fact]
    public void Many_taps_are_counted_instead_of_listed() =>
        Assert.Equal("81 taps in 9 phases", Lines(Layer(LayerKind.ConvTranspose2d, new AxisSpec(9, 3, 4, 2, 1)))[2]);

    [Fact]
    public void Activation_groups_and_a_missing_bias_are_named()
    {
        LayerSpec spec = Layer(LayerKind.Conv2d, new AxisSpec(1, 1, 0, 0, 1)) with
        {
            OutChannels = 4, Groups = 2, HasBias = false, Activation = ActivationKind.LeakyRelu, NegativeSlope = 0.125f,
        };

        Assert.Equal("Conv2d 16 -> 4, kernel 1x1, groups 2, LeakyRelu 0.125, no bias", Lines(spec)[0]);
    }

    [Theory]
    [InlineData(14, 12, "input 14x12")]
    [InlineData(14, 0, "input 14xany")]
    [InlineData(0, 12, "input anyx12")]
    public void Known_input_sizes_are_named(int height, int width, string expected)
    {
        var axis = new AxisSpec(3, 1, 0, 0, 1);
        LayerSpec spec = Layer(LayerKind.Conv2d, axis) with { Vertical = axis with { InputSize = height }, Horizontal = axis with { InputSize = width } };

        Assert.Contains(expected, Lines(spec)[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Taps_are_wrapped_to_fit_a_screen(int kernel) =>
        Assert.All(
            from kind in new[] { LayerKind.Conv2d, LayerKind.ConvTranspose2d }
            from line in Lines(Layer(kind, new AxisSpec(kernel, kernel == 8 ? 1 : 2, 0, 0, 1))).TakeWhile(line => !line.StartsWith("Dataflow", System.StringComparison.Ordinal))
            select line,
            line => Assert.InRange(line.Length, 0, 120));

    private static string[] Lines(LayerSpec spec) => [.. RemarksEmitter.Lines(Planner.Plan(spec))];

    private static LayerSpec Layer(LayerKind kind, AxisSpec axis) =>
        new(kind, 16, 3, axis, axis, 1, true, ActivationKind.None, 0.01f, true);
}
