using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Layers shared by threads, while the garbage collector moves what it can.</summary>
public class ConcurrencyTests
{
    private const int Threads = 4;
    private const int RunsOfThread = 60;

    [Fact]
    public void Threads_that_share_layers_get_the_same_bytes_while_garbage_is_collected()
    {
        ConvolutionSpec[] specs =
        [
            new() { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 16, OutChannels = 3, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, PaddingHeight = 1, PaddingWidth = 1 },
            new() { Kind = ConvolutionKind.Conv2d, InChannels = 20, OutChannels = 40, KernelHeight = 3, KernelWidth = 3, PaddingHeight = 1, PaddingWidth = 1 },
        ];
        using CompiledLayers compiled = CompiledLayers.Compile(LayerSource.Of([.. specs.Select(LayerSource.Convolution)]));
        var layers = new GeneratedLayers(compiled.Assembly);
        List<(IQuantizedLayer Layer, ConvolutionCase Case, byte[] Expected)> work = [];
        foreach ((ConvolutionSpec spec, int index) in specs.Select(static (spec, index) => (spec, index)))
        {
            // Each layer with the weights of its first case only; a layer is what threads share.
            var first = ConvolutionCase.Fill(spec, new Shape4(1, spec.InChannels, 9, 33), new Random(index));
            IQuantizedLayer layer = layers.Create(index, first.Weight, first.Bias, first.Input.Quantization, first.Output);
            foreach ((int height, int width) in new[] { (9, 33), (1, 1), (17, 64), (30, 7) })
            {
                var input = new QuantizedTensor(new Shape4(1, spec.InChannels, height, width), first.Input.Quantization);
                new Random(height).NextBytes(input.Data);
                ConvolutionCase item = first with { Input = input };
                work.Add((layer, item, item.Expected().Data.ToArray()));
            }
        }

        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

                // Beside other tests a collection takes long: layers must get on in between, or the test takes minutes.
                Thread.Sleep(1);
            }
        });
        collector.Start();
        int wrong = 0;
        try
        {
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(each => new Thread(() => Interlocked.Add(ref wrong, Run(work, each))))];
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }

        Assert.Equal(0, wrong);
    }

    // Arrays are new each time and small, so that collections move them, and of another layer and size than last time.
    private static int Run(List<(IQuantizedLayer Layer, ConvolutionCase Case, byte[] Expected)> work, int thread)
    {
        int wrong = 0;
        for (int run = 0; run < RunsOfThread; run++)
        {
            (IQuantizedLayer layer, ConvolutionCase item, byte[] expected) = work[(run * 3 + thread) % work.Count];
            byte[] input = item.Input.Data.ToArray();
            byte[] output = new byte[expected.Length];
            Shape4 from = item.Input.Shape;
            using (KernelThreads.Limit(1 + run % 3, workOfThread: 1))
            {
                layer.Run(input, from.N, from.H, from.W, output);
            }

            wrong += output.AsSpan().SequenceEqual(expected) ? 0 : 1;
        }

        return wrong;
    }
}
