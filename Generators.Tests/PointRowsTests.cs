using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Layers of 1x1 pixels run several rows as one.</summary>
public class PointRowsTests
{
    private static readonly (int Height, int Width)[] Sizes = [(1, 1), (7, 7), (14, 14), (13, 5), (37, 3), (40, 40), (2, 95), (200, 1), (11, 97)];

    [Fact]
    public void The_bytes_are_those_of_the_generic_kernel_whatever_the_size_is_and_whether_it_is_known()
    {
        (int In, int Out, int Groups)[] layers = [(24, 40, 1), (16, 3, 1), (20, 24, 4), (48, 48, 48)];
        ConvolutionSpec[] any = [.. layers.Select(static layer => Point(layer.In, layer.Out, layer.Groups))];
        ConvolutionSpec[] known = [.. any.SelectMany(static spec => Sizes.Select(size => spec with { InputHeight = size.Height, InputWidth = size.Width }))];
        ConvolutionSpec[] wide = [.. any.Select(static spec => spec with { InputWidth = 14 })];
        ConvolutionSpec[] all = [.. any, .. known, .. wide];
        using CompiledLayers compiled = CompiledLayers.Compile(LayerSource.Of([.. all.Select(static spec => LayerSource.Convolution(spec))]));
        var generated = new GeneratedLayers(compiled.Assembly);

        for (int i = 0; i < all.Length; i++)
        {
            foreach (Shape4 shape in Shapes(all[i]))
            {
                var item = ConvolutionCase.Fill(all[i], shape, new Random(i));

                Assert.Equal(item.Expected().Data.ToArray(), generated.Create(i, item.Weight, item.Bias, item.Input.Quantization, item.Output).Forward(item.Input).Data.ToArray());
            }
        }
    }

    private static IEnumerable<Shape4> Shapes(ConvolutionSpec spec) =>
        from size in Sizes
        where (spec.InputHeight == 0 || spec.InputHeight == size.Height) && (spec.InputWidth == 0 || spec.InputWidth == size.Width)
        select new Shape4(2, spec.InChannels, size.Height, size.Width);

    private static ConvolutionSpec Point(int inChannels, int outChannels, int groups) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = inChannels,
        OutChannels = outChannels,
        KernelHeight = 1,
        KernelWidth = 1,
        Groups = groups,
        HasBias = true,
    };
}
