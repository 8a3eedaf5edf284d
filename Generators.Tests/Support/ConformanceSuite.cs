using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>A layer with an input and the codes that it must give.</summary>
/// <param name="Name">The case in messages.</param>
/// <param name="Attribute">The attribute that asks for the layer; empty where it has a fused epilogue, which none asks for.</param>
/// <param name="Case">Weights and input.</param>
/// <param name="ExpectedNchw">The codes.</param>
/// <param name="Fused">The same case with its fused epilogue and second input; null where it has none.</param>
internal sealed record ConformanceCase(string Name, string Attribute, ConvolutionCase Case, byte[] ExpectedNchw, EpilogueCase? Fused = null);

/// <summary>A named set of cases: <c>golden Conv2d</c>, <c>random 20260101 40</c>. The same arguments give the same cases in any process.</summary>
internal static class ConformanceSuite
{
    /// <summary>The cases of a suite.</summary>
    public static IReadOnlyList<ConformanceCase> Load(params ReadOnlySpan<string> arguments) => arguments switch
    {
        ["golden", "Linear"] => [.. GoldenLinear.Load().Select(golden => FromGolden(golden, LayerSource.Linear(golden.Case.Spec)))],
        ["golden", string kind] => [.. GoldenConvolution.Load(Enum.Parse<ConvolutionKind>(kind)).Select(golden => FromGolden(golden, LayerSource.Convolution(golden.Case.Spec)))],
        ["random", string seed, string count] => Seeds(seed, count, FromSeed),
        ["sized", string seed, string count] => Seeds(seed, count, FromSeedOfKnownSize),
        ["merged", string seed, string count] => Seeds(seed, count, FromSeedOfMergedTaps),
        ["strided", string seed, string count] => Seeds(seed, count, FromSeedOfStridedConvolution),
        ["fused", string seed, string count] => Seeds(seed, count, FromSeedOfFusedEpilogue),
        ["depthwise", string seed, string count] => Seeds(seed, count, FromSeedOfDepthwise),
        ["details"] => [.. DetailLayers.All.Select((layer, index) => FromSpec(layer.Spec, index))],
        _ => throw new ArgumentException("A suite is: golden <kind> | random <seed> <count> | sized <seed> <count> | merged <seed> <count> | strided <seed> <count> | fused <seed> <count> | depthwise <seed> <count> | details", nameof(arguments)),
    };

    /// <summary>Generates and compiles the layers of a suite into a file, with one more source.</summary>
    public static void Compile(IReadOnlyList<ConformanceCase> suite, string path, InstructionModel? model = null, string more = "")
    {
        if (suite.Any(item => item.Fused is not null))
        {
            GeneratedLayers.Compile([.. suite.Select(item => item.Case.Spec)], path, model, more);
            return;
        }

        GeneratedLayers.Compile([.. suite.Select(item => item.Attribute)], path, model, more);
    }

    private static ConformanceCase[] Seeds(string first, string count, Func<int, ConformanceCase> fromSeed) =>
        [.. Enumerable.Range(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)).Select(fromSeed)];

    private static ConformanceCase FromGolden(GoldenConvolution golden, string attribute) => new(golden.Name, attribute, golden.Case, golden.ExpectedNchw);

    private static ConformanceCase FromSeed(int seed) => FromCase(ConvolutionCase.FromSeed(seed));

    // A layer of one of the other suites behind whose sums come functions in any order, with an addition in two of three.
    private static ConformanceCase FromSeedOfFusedEpilogue(int seed)
    {
        var random = new Random(seed);
        ConvolutionCase convolution = (seed % 4) switch
        {
            0 => FromSeedOfKnownSize(seed).Case,
            1 => FromSeedOfStridedConvolution(seed).Case,
            2 => FromSeedOfDepthwise(seed).Case,
            _ => ConvolutionCase.FromSeed(seed),
        };
        EpilogueSpec functions = EpilogueSpec.None;
        while (functions.IsNone || (!functions.HasAdd && random.Next(2) == 0))
        {
            functions = EpilogueCase.Functions(random);
        }

        var item = EpilogueCase.Fill(convolution, functions, random);
        return new ConformanceCase($"{item.Convolution} {functions}", string.Empty, item.Convolution, item.Expected().ToNchw(), item);
    }

    // Rows, columns or both are known; half of the inputs are wide, so that rows have several tiles.
    private static ConformanceCase FromSeedOfKnownSize(int seed)
    {
        var random = new Random(seed);
        ConvolutionCase item = ConvolutionCase.FromSeed(seed);
        Shape4 shape = item.Input.Shape with { W = random.Next(2) == 0 ? item.Input.Shape.W : random.Next(21, 90) };
        int known = random.Next(1, 4);
        ConvolutionSpec spec = item.Spec with { InputHeight = (known & 1) * shape.H, InputWidth = known / 2 * shape.W };
        return FromCase(ConvolutionCase.Fill(spec, shape, random));
    }

    // To few output channels: kernels shorter and longer than the stride, rows narrower than a vector and of several tiles, a third of known width.
    private static ConformanceCase FromSeedOfStridedConvolution(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var shape = new Shape4(random.Next(1, 3), random.Next(1, 40), random.Next(1, 9), random.Next(2) == 0 ? random.Next(1, 40) : random.Next(40, 250));
            var spec = new ConvolutionSpec
            {
                Kind = ConvolutionKind.Conv2d,
                InChannels = shape.C,
                OutChannels = random.Next(1, 12),
                KernelHeight = random.Next(1, 5),
                KernelWidth = random.Next(1, 8),
                StrideHeight = random.Next(1, 4),
                StrideWidth = random.Next(2, 5),
                PaddingHeight = random.Next(0, 4),
                PaddingWidth = random.Next(0, 8),
                DilationHeight = random.Next(1, 3),
                DilationWidth = random.Next(2) == 0 ? random.Next(1, 5) : 1,
                HasBias = random.Next(4) != 0,
                Activation = (Activation)random.Next(4),
                NegativeSlope = random.NextSingle() * 0.4f,
                InputWidth = random.Next(3) == 0 ? shape.W : 0,
            };
            if (spec.OutputHeight(shape.H) >= 1 && spec.OutputWidth(shape.W) >= 1)
            {
                return FromCase(ConvolutionCase.Fill(spec, shape, random));
            }
        }
    }

    // Channels that do not fill units, kernels of up to 9 columns, rows of several tiles. Half of the layers have small weights but for a
    // few of the largest: the others of bytes that vpmaddubsw could saturate are kept as words.
    private static ConformanceCase FromSeedOfMergedTaps(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            ConvolutionSpec spec = ConvolutionCase.FromSeed(random.Next()).Spec;
            int channels = random.Next(6) * 4 + random.Next(1, 4);
            spec = spec with
            {
                InChannels = channels,
                OutChannels = random.Next(8, 70),
                KernelWidth = random.Next(1, 10),
                DilationWidth = random.Next(4) == 0 ? spec.DilationWidth : spec.Kind == ConvolutionKind.Conv2d ? 1 : spec.StrideWidth,
                OutputPaddingWidth = 0,
                Groups = 1,
                PaddingWidth = random.Next(2) == 0 ? 0 : spec.PaddingWidth,
            };
            var from = new Shape4(random.Next(1, 3), channels, random.Next(1, 6), random.Next(1, 60));
            if (spec.OutputHeight(from.H) < 1 || spec.OutputWidth(from.W) < 1)
            {
                continue;
            }

            ConvolutionCase item = ConvolutionCase.Fill(spec, from, random);
            if (random.Next(2) == 0)
            {
                sbyte[] weights = [.. item.Weight.Data.ToArray().Select(value => (sbyte)(random.Next(60) == 0 ? value : value / 8))];
                item = item with { Weight = new QuantizedWeight(spec.WeightShape, weights, item.Weight.Quantization) };
            }

            return FromCase(item);
        }
    }

    // Channels around the widths of vectors, small and large kernels of both kinds, rows narrower than a vector of pixels and of several
    // tiles, a third of known width; of every other layer weights that vpmaddubsw adds without saturating.
    private static ConformanceCase FromSeedOfDepthwise(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            int channels = random.Next(4) switch
            {
                0 => random.Next(2, 17),
                1 => random.Next(17, 65),
                2 => random.Next(65, 150),
                _ => random.Next(1, 5) * 16,
            };
            bool isTransposed = random.Next(3) == 0;
            int kernel = random.Next(4) == 0 ? random.Next(1, 8) : random.Next(2) == 0 ? 3 : 5;
            int stride = random.Next(1, isTransposed ? 5 : 4);
            var from = new Shape4(random.Next(1, 3), channels, random.Next(1, 6), random.Next(3) == 0 ? random.Next(20, 50) : random.Next(1, 20));
            var spec = new ConvolutionSpec
            {
                Kind = isTransposed ? ConvolutionKind.ConvTranspose2d : ConvolutionKind.Conv2d,
                InChannels = channels,
                OutChannels = channels,
                Groups = channels,
                KernelHeight = random.Next(4) == 0 ? random.Next(1, 6) : kernel,
                KernelWidth = kernel,
                StrideHeight = random.Next(4) == 0 ? random.Next(1, 3) : stride,
                StrideWidth = stride,
                PaddingHeight = random.Next(0, 3),
                PaddingWidth = random.Next(3) == 0 ? random.Next(0, 4) : kernel / 2,
                DilationHeight = random.Next(4) == 0 ? 2 : 1,
                DilationWidth = random.Next(4) == 0 ? random.Next(1, 4) : 1,
                HasBias = random.Next(4) != 0,
                Activation = (Activation)random.Next(4),
                NegativeSlope = random.NextSingle() * 0.4f,
                InputWidth = random.Next(3) == 0 ? from.W : 0,
            };
            if (spec.OutputHeight(from.H) < 1 || spec.OutputWidth(from.W) < 1)
            {
                continue;
            }

            ConvolutionCase item = ConvolutionCase.Fill(spec, from, random);
            if (random.Next(2) == 0)
            {
                sbyte[] weights = [.. item.Weight.Data.ToArray().Select(value => (sbyte)(value / 3))];
                item = item with { Weight = new QuantizedWeight(spec.WeightShape, weights, WeightQuantization.PerChannel([.. Enumerable.Repeat(0.01f, channels)])) };
            }

            return FromCase(item);
        }
    }

    // Wide enough for whole tiles and a rest.
    private static ConformanceCase FromSpec(ConvolutionSpec spec, int seed) =>
        FromCase(ConvolutionCase.Fill(spec, new Shape4(1, spec.InChannels, 3, 37), new Random(seed)));

    private static ConformanceCase FromCase(ConvolutionCase item) => new(item.ToString(), LayerSource.Convolution(item.Spec), item, item.Expected().ToNchw());
}
