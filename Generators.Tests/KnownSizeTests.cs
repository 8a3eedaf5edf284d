using System;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Layers whose input size is written down. That they compute the same, the conformance suite of known sizes checks.</summary>
public class KnownSizeTests
{
    private static readonly ConvolutionSpec First = Layer(ConvolutionKind.Conv2d, 3, 16) with { InputHeight = 6, InputWidth = 10 };

    [Theory]
    [InlineData(6, 0)]
    [InlineData(0, 10)]
    [InlineData(6, 10)]
    public void Other_sizes_are_refused(int height, int width)
    {
        ConvolutionSpec spec = First with { InputHeight = height, InputWidth = width };
        using CompiledLayers compiled = CompiledLayers.Compile(LayerSource.Of([LayerSource.Convolution(spec)]));
        var item = ConvolutionCase.Fill(spec, new Shape4(2, 3, 6, 10), new Random(1));
        IQuantizedLayer layer = new GeneratedLayers(compiled.Assembly).Create(0, item.Weight, item.Bias, item.Input.Quantization, item.Output);

        Assert.Equal(item.Expected().Data.ToArray(), layer.Forward(item.Input).Data.ToArray());
        foreach ((int h, int w) in new[] { (5, 10), (7, 10), (6, 9), (6, 11) })
        {
            bool fits = (height == 0 || h == height) && (width == 0 || w == width);
            Action run = () => layer.Run(new byte[3 * h * w], 1, h, w, new byte[16 * h * w]);
            if (fits)
            {
                run();
            }
            else
            {
                Assert.Contains($"{(height == 0 ? "any number of" : "6")} rows and {(width == 0 ? "any number of" : "10")} columns", Assert.Throws<ArgumentException>(run).Message);
            }
        }
    }

    [Fact]
    public void A_model_refuses_sizes_that_its_layers_do_not_take()
    {
        ConvolutionSpec second = Layer(ConvolutionKind.ConvTranspose2d, 16, 3) with { InputHeight = 6, InputWidth = 11 };
        QuantizedModel fitting = Model(First, second with { InputWidth = 10 });
        QuantizedModel other = Model(First, second);
        var input = new byte[3 * 6 * 11];
        var output = new byte[3 * 6 * 11];

        fitting.Run(input, 1, 6, 10, output);
        Assert.Throws<ArgumentException>(() => fitting.Run(input, 1, 6, 11, output));
        Assert.Throws<ArgumentException>(() => fitting.OutputShape(new Shape4(1, 3, 5, 10)));
        Assert.Throws<ArgumentException>(() => other.Run(input, 1, 6, 10, output));
    }

    [Theory]
    [InlineData("QuantizedConv2d(InChannels = 8, OutChannels = 32, Kernel = 3, Padding = 1, InputHeight = 14, InputWidth = 14)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 8, OutChannels = 3, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1, InputHeight = 16, InputWidth = 32)")]
    [InlineData("QuantizedConv2d(InChannels = 8, OutChannels = 3, Kernel = 3, Stride = 2, Padding = 1, InputHeight = 31, InputWidth = 75)")]
    [InlineData("QuantizedConv2d(InChannels = 16, OutChannels = 16, Kernel = 3, Padding = 1, Groups = 16, InputHeight = 9, InputWidth = 12)")]
    public void Nothing_is_left_to_be_found_out(string attribute)
    {
        string text = GeneratorHarness.Run($"[Kernels.{attribute}] public partial class A;").AssertCompiles().Text;

        Assert.All(["image.OutputWidth", "image.OutputHeight", "image.Columns", "window.Spare", "int count"], unknown => Assert.DoesNotContain(unknown, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(6, new[] { 6 })]
    [InlineData(8, new[] { 8 })]
    [InlineData(9, new[] { 5, 4 })]
    [InlineData(12, new[] { 6 })]
    [InlineData(28, new[] { 7 })]
    [InlineData(30, new[] { 8, 6 })]
    public void Tiles_fit_rows_of_known_length(int count, int[] widths)
    {
        TilePlan tiles = TilePlan.Of(Tier.Avx512, lanes: 32, count);

        Assert.Equal(widths, tiles.Widths.ToArray());
    }

    [Fact]
    public void Rows_known_to_fill_no_vector_of_pixels_are_planned_by_channels()
    {
        var axis = new AxisSpec(3, 1, 1, 0, 1);
        var spec = new LayerSpec(LayerKind.Conv2d, 16, 3, axis, axis, 1, true, ActivationKind.None, 0.01f, true);

        Assert.IsType<PixelLanesPlan>(Planner.Plan(spec).Dataflow);
        Assert.IsType<PixelLanesPlan>(Planner.Plan(spec with { Horizontal = axis with { InputSize = 32 } }).Dataflow);
        Assert.IsType<ChannelLanesPlan>(Planner.Plan(spec with { Horizontal = axis with { InputSize = 2 } }).Dataflow);
    }

    private static QuantizedModel Model(params ConvolutionSpec[] specs) => Sequential.Of(
        [.. specs.Select((spec, index) => LayerFactory.Generic("L" + index, spec))],
        [.. specs.Select(spec => new QuantizedLayerWeights(new QuantizedWeight(spec.WeightShape, new sbyte[spec.WeightShape.Count], WeightQuantization.PerChannel([.. Enumerable.Repeat(0.01f, spec.OutChannels)])), new float[spec.OutChannels]))],
        (QuantizationParameters[])[.. Enumerable.Repeat(new QuantizationParameters(0.1f, 3), specs.Length + 1)]);

    private static ConvolutionSpec Layer(ConvolutionKind kind, int inputs, int outputs) => new()
    {
        Kind = kind, InChannels = inputs, OutChannels = outputs, KernelHeight = 3, KernelWidth = 3, PaddingHeight = 1, PaddingWidth = 1,
    };
}
