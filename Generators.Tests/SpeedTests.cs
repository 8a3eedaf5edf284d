using System;
using System.Diagnostics;
using System.Globalization;
using Kernels.Generators.Tests.Support;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>
/// A guard against the loss of a dataflow or of a tier, not a benchmark: the shortest of many turns, taken alternately with the generic
/// kernel's, against bounds far below what kernels reach.
/// </summary>
public class SpeedTests
{
    private const int Rounds = 60;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(0.4);

    [Theory]
    [InlineData(ConvolutionKind.Conv2d, 64, 64, 3, 1, 64, 1.3)]
    [InlineData(ConvolutionKind.Conv2d, 64, 64, 3, 2, 64, 1.1)]
    [InlineData(ConvolutionKind.Conv2d, 32, 48, 3, 1, 1, 0.8)]
    [InlineData(ConvolutionKind.Conv2d, 64, 32, 1, 1, 1, 0.8)]
    [InlineData(ConvolutionKind.ConvTranspose2d, 16, 3, 3, 2, 1, 1.3)]
    public void Generated_kernels_are_no_slower_beside_the_generic_one_than(ConvolutionKind kind, int inputs, int outputs, int kernel, int stride, int groups, double ratio)
    {
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = inputs,
            OutChannels = outputs,
            Groups = groups,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = kernel / 2,
            PaddingWidth = kernel / 2,
        };
        ConvolutionCase item = ConvolutionCase.Fill(spec, new Shape4(1, inputs, 20, 40), new Random(1));
        using var compiled = CompiledLayers.Compile(LayerSource.Of([LayerSource.Convolution(spec)]));
        IQuantizedLayer generated = new GeneratedLayers(compiled.Assembly).Create(0, item.Weight, item.Bias, item.Input.Quantization, item.Output);
        IQuantizedLayer generic = new GenericConvolution(spec, item.Weight, item.Bias, item.Input.Quantization, item.Output);
        var output = new byte[generated.OutputShape(item.Input.Shape).Count];
        using KernelThreadsLimit limit = KernelThreads.Limit(1);
        double fastest = double.MaxValue;
        double reference = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            fastest = Math.Min(fastest, Time(generated, item, output));
            reference = Math.Min(reference, Time(generic, item, output));
        }

        Assert.True(reference >= ratio * fastest, string.Create(CultureInfo.InvariantCulture, $"{GeneratedLayers.Info(generated)}: {fastest:F1} us; the generic kernel {reference:F1} us"));
    }

    private static double Time(IQuantizedLayer layer, ConvolutionCase item, byte[] output)
    {
        Shape4 shape = item.Input.Shape;
        int runs = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            layer.Run(item.Input.Data, shape.N, shape.H, shape.W, output);
            runs++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Turn);
        return elapsed.TotalMicroseconds / runs;
    }
}
