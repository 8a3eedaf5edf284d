using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Layers;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>Layers with inputs and the codes that they must give.</summary>
internal sealed record ConformanceCase(string Name, string Attribute, ConvolutionCase Case, byte[] ExpectedNchw);

/// <summary>A named set of cases: <c>golden Conv2d</c>, <c>random 20260101 40</c>. The same arguments give the same cases in any process.</summary>
internal static class ConformanceSuite
{
    /// <summary>The cases of a suite.</summary>
    public static IReadOnlyList<ConformanceCase> Load(params ReadOnlySpan<string> arguments) => arguments switch
    {
        ["golden", "Linear"] => [.. GoldenLinear.Load().Select(golden => FromGolden(golden, LayerSource.Linear(golden.Case.Spec)))],
        ["golden", string kind] => [.. GoldenConvolution.Load(Enum.Parse<ConvolutionKind>(kind)).Select(golden => FromGolden(golden, LayerSource.Convolution(golden.Case.Spec)))],
        ["random", string seed, string count] => [.. Enumerable.Range(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)).Select(FromSeed)],
        ["details"] => [.. DetailLayers.All.Select((layer, index) => FromSpec(layer.Spec, index))],
        _ => throw new ArgumentException("A suite is: golden <kind> | random <seed> <count> | details", nameof(arguments)),
    };

    private static ConformanceCase FromGolden(GoldenConvolution golden, string attribute) => new(golden.Name, attribute, golden.Case, golden.ExpectedNchw);

    private static ConformanceCase FromSeed(int seed) => FromCase(ConvolutionCase.FromSeed(seed));

    // Wide enough for whole tiles and a rest.
    private static ConformanceCase FromSpec(ConvolutionSpec spec, int seed) =>
        FromCase(ConvolutionCase.Fill(spec, new Shape4(1, spec.InChannels, 3, 37), new Random(seed)));

    private static ConformanceCase FromCase(ConvolutionCase item) => new(item.ToString(), LayerSource.Convolution(item.Spec), item, item.Expected().ToNchw());
}
