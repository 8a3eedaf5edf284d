using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Runs layers with guard pages on both sides of every buffer: input, output, packed weights and scratch rows. The first access
/// outside one ends the process; the last line on the error stream then names the case.
/// </summary>
internal static class GuardSuite
{
    private const int ShapesOfLayer = 14;
    private const int RandomLayers = 4;

    // Where tiles of 1, 4, 8, 16, 32 and 64 pixels begin and end.
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 31, 32, 33, 47, 63, 64, 65, 71];

    /// <summary>The layers: few and many output channels, whole and odd units, groups, rows read where they are, and some random ones.</summary>
    public static IReadOnlyList<ConvolutionSpec> Specs(string seed) =>
    [
        Transposed(16, 3, kernel: 3, stride: 2, padding: 1) with { OutputPaddingHeight = 1, OutputPaddingWidth = 1 },
        Transposed(3, 5, kernel: 4, stride: 2, padding: 1),
        Transposed(6, 1, kernel: 5, stride: 3, padding: 2),
        Transposed(32, 16, kernel: 2, stride: 2, padding: 0),
        Transposed(20, 24, kernel: 3, stride: 2, padding: 1),
        Convolution(5, 1, kernel: 5, padding: 2),
        Convolution(64, 3, kernel: 3, padding: 1),
        Convolution(3, 16, kernel: 3, padding: 0),
        Convolution(16, 8, kernel: 1, padding: 0),
        Convolution(16, 40, kernel: 3, padding: 1),
        Convolution(64, 24, kernel: 1, padding: 0),
        Convolution(32, 64, kernel: 1, padding: 0) with { StrideHeight = 2, StrideWidth = 2 },
        Convolution(13, 33, kernel: 3, padding: 0) with { DilationHeight = 2, DilationWidth = 2 },
        Convolution(24, 48, kernel: 3, padding: 1) with { Groups = 4 },
        Convolution(20, 20, kernel: 3, padding: 1) with { Groups = 20 },
        Convolution(64, 64, kernel: 3, padding: 1) with { Groups = 64, StrideHeight = 2, StrideWidth = 2 },
        Transposed(16, 3, kernel: 3, stride: 2, padding: 1) with { InputWidth = 37 },
        Transposed(8, 3, kernel: 4, stride: 2, padding: 1) with { InputHeight = 3, InputWidth = 11 },
        Convolution(16, 40, kernel: 3, padding: 1) with { InputWidth = 13 },
        Convolution(20, 20, kernel: 3, padding: 1) with { Groups = 20, InputHeight = 4, InputWidth = 14 },
        Convolution(5, 24, kernel: 1, padding: 0),
        Convolution(1, 20, kernel: 1, padding: 0) with { KernelWidth = 9 },
        Convolution(3, 33, kernel: 2, padding: 0) with { StrideHeight = 2, StrideWidth = 2 },
        Convolution(2, 17, kernel: 2, padding: 0),
        Convolution(1, 32, kernel: 3, padding: 0) with { DilationHeight = 2, DilationWidth = 2 },
        Convolution(15, 60, kernel: 1, padding: 0) with { Groups = 3 },
        Transposed(7, 19, kernel: 4, stride: 2, padding: 3),
        Strided(3, 8, kernel: 3, stride: 2, padding: 1),
        Strided(64, 3, kernel: 1, stride: 3, padding: 0),
        Strided(20, 1, kernel: 5, stride: 4, padding: 3) with { DilationHeight = 2, DilationWidth = 2 },
        Strided(1, 2, kernel: 2, stride: 4, padding: 0) with { InputWidth = 39 },
        Strided(3, 4, kernel: 1, stride: 7, padding: 0),
        Strided(6, 2, kernel: 2, stride: 60, padding: 1),
        Fused(Convolution(16, 40, kernel: 3, padding: 1), "HardSwish+ChannelAffine+Add"),
        Fused(Convolution(64, 24, kernel: 1, padding: 0), "Add"),
        Fused(Convolution(24, 48, kernel: 3, padding: 1) with { Groups = 4 }, "ChannelAffine+Add+Relu6+ChannelAffine"),
        Fused(Transposed(32, 16, kernel: 2, stride: 2, padding: 0), "Add+HardSwish"),
        Fused(Convolution(5, 1, kernel: 5, padding: 2), "Add+Relu"),
        Fused(Convolution(4, 17, kernel: 3, padding: 1), "ChannelAffine+Add"),
        Fused(Transposed(3, 5, kernel: 4, stride: 2, padding: 1), "ChannelAffine+Add+HardSigmoid"),
        Fused(Transposed(16, 3, kernel: 3, stride: 2, padding: 1) with { OutputPaddingHeight = 1, OutputPaddingWidth = 1 }, "Affine+Add+Clip"),
        Fused(Transposed(16, 3, kernel: 3, stride: 2, padding: 1) with { InputWidth = 37 }, "HardSwish+Add"),
        Fused(Convolution(20, 20, kernel: 3, padding: 1) with { Groups = 20 }, "LeakyRelu+Add+HardSwish"),
        .. Enumerable.Range(int.Parse(seed, CultureInfo.InvariantCulture), RandomLayers).Select(each => ConvolutionCase.FromSeed(each).Spec),
    ];

    /// <summary>Runs every layer over random shapes, against the upper and the lower guard.</summary>
    /// <returns>Cases that differ from the plain formula.</returns>
    public static IReadOnlyList<string> Run(GeneratedLayers layers, string seed, out int cases)
    {
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        var differences = new List<string>();
        IReadOnlyList<ConvolutionSpec> specs = Specs(seed);
        cases = 0;
        for (int layer = 0; layer < specs.Count; layer++)
        {
            for (int shape = 0; shape < ShapesOfLayer; shape++)
            {
                ConvolutionCase convolution = ConvolutionCase.Fill(specs[layer], RandomShape(specs[layer], random), random);
                var item = EpilogueCase.Fill(convolution, specs[layer].Epilogue, random);
                byte[] expected = item.Expected().Data.ToArray();
                foreach ((bool upper, int threads) in new[] { (true, 1), (false, 1), (true, 3), (false, 3) })
                {
                    string name = $"{(upper ? "upper" : "lower")} guard, {threads} threads: {item.Convolution}";
                    Console.Error.WriteLine(name);
                    cases++;
                    if (!Output(layers, layer, item, upper, threads).AsSpan().SequenceEqual(expected))
                    {
                        differences.Add(name);
                    }
                }
            }
        }

        return differences;
    }

    // On a thread of its own, whose scratch memory is new and no larger than this run asks for; helpers may have larger memory from earlier runs.
    private static byte[] Output(GeneratedLayers layers, int index, EpilogueCase item, bool upper, int threads)
    {
        byte[] result = [];
        var thread = new Thread(() => result = RunGuarded(layers, index, item, upper, threads));
        thread.Start();
        thread.Join();
        return result;
    }

    private static unsafe byte[] RunGuarded(GeneratedLayers layers, int index, EpilogueCase item, bool upper, int threads)
    {
        AlignedMemory.AllocateForTest = bytes => (nint)new GuardedMemory((nint)bytes, upper, AlignedMemory.Alignment).Pointer;
        try
        {
            IQuantizedLayer layer = layers.Create(index, item);
            QuantizedTensor x = item.Convolution.Input;
            Shape4 from = x.Shape;
            var input = new GuardedMemory(x.Data.Length, upper);
            var output = new GuardedMemory(layer.OutputShape(from).Count, upper);
            x.Data.CopyTo(input.Span);
            using (KernelThreads.Limit(threads, workOfThread: 1))
            {
                if (item.Second is { } added)
                {
                    var second = new GuardedMemory(added.Data.Length, upper);
                    added.Data.CopyTo(second.Span);
                    ((IResidualLayer)layer).Run(input.Span, second.Span, from.N, from.H, from.W, output.Span);
                }
                else
                {
                    layer.Run(input.Span, from.N, from.H, from.W, output.Span);
                }
            }

            return output.Span.ToArray();
        }
        finally
        {
            AlignedMemory.AllocateForTest = null;
        }
    }

    private static Shape4 RandomShape(ConvolutionSpec spec, Random random)
    {
        while (true)
        {
            int height = random.Next(1, 6);
            int width = Widths[random.Next(Widths.Length)];
            var shape = new Shape4(random.Next(4) == 0 ? 2 : 1, spec.InChannels, spec.InputHeight > 0 ? spec.InputHeight : height, spec.InputWidth > 0 ? spec.InputWidth : width);
            if (spec.OutputHeight(shape.H) >= 1 && spec.OutputWidth(shape.W) >= 1)
            {
                return shape;
            }
        }
    }

    private static ConvolutionSpec Fused(ConvolutionSpec spec, string functions) => spec with { Activation = Activation.None, Epilogue = EpilogueSpec.Parse(functions) };

    private static ConvolutionSpec Transposed(int inputs, int outputs, int kernel, int stride, int padding) =>
        Strided(inputs, outputs, kernel, stride, padding) with { Kind = ConvolutionKind.ConvTranspose2d };

    private static ConvolutionSpec Strided(int inputs, int outputs, int kernel, int stride, int padding) =>
        Convolution(inputs, outputs, kernel, padding) with { StrideHeight = stride, StrideWidth = stride };

    private static ConvolutionSpec Convolution(int inputs, int outputs, int kernel, int padding) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = inputs,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = 1,
        StrideWidth = 1,
        PaddingHeight = padding,
        PaddingWidth = padding,
        DilationHeight = 1,
        DilationWidth = 1,
        Groups = 1,
        HasBias = true,
        Activation = inputs % 3 == 0 ? Activation.LeakyRelu : Activation.None,
        NegativeSlope = 0.1f,
        WeightScheme = WeightScheme.PerChannel,
    };
}
