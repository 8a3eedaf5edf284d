using System;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>One run on several threads. That the bytes are the same, every conformance suite checks: see <see cref="Program.ThreadCounts"/>.</summary>
[Collection(nameof(Alone))]
public class ThreadTests : IDisposable
{
    private const int Threads = 3;

    private readonly CompiledLayers _compiled;
    private readonly (IQuantizedLayer Layer, ConvolutionCase Case)[] _layers;

    public ThreadTests()
    {
        ConvolutionSpec[] specs =
        [
            new() { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 16, OutChannels = 3, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, PaddingHeight = 1, PaddingWidth = 1 },
            new() { Kind = ConvolutionKind.Conv2d, InChannels = 20, OutChannels = 40, KernelHeight = 3, KernelWidth = 3, PaddingHeight = 1, PaddingWidth = 1 },
            new() { Kind = ConvolutionKind.Conv2d, InChannels = 24, OutChannels = 24, KernelHeight = 3, KernelWidth = 3, PaddingHeight = 1, PaddingWidth = 1, Groups = 24 },
        ];
        _compiled = CompiledLayers.Compile(LayerSource.Of([.. specs.Select(LayerSource.Convolution)]));
        var generated = new GeneratedLayers(_compiled.Assembly);
        _layers = [.. specs.Select((spec, index) =>
        {
            var item = ConvolutionCase.Fill(spec, new Shape4(2, spec.InChannels, 37, 40), new Random(index));
            return (generated.Create(index, item.Weight, item.Bias, item.Input.Quantization, item.Output), item);
        })];
    }

    [Fact]
    public void A_run_on_several_threads_allocates_nothing_worth_naming()
    {
        const int Runs = 500;
        foreach ((IQuantizedLayer layer, ConvolutionCase item) in _layers)
        {
            var output = new byte[layer.OutputShape(item.Input.Shape).Count];
            Repeat(layer, item, output, Runs);

            // What runs allocate shows every time; the pool's queue, a helper's first scratch memory and the test host only at times.
            long least = long.MaxValue;
            for (int time = 0; time < 5; time++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                Repeat(layer, item, output, Runs);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            Assert.InRange(least, 0, Runs * 16);
        }
    }

    [Fact]
    public async Task Threads_of_the_pool_that_all_run_layers_get_the_same_bytes()
    {
        byte[][] expected = [.. _layers.Select(static layer => layer.Case.Expected().Data.ToArray())];
        Task<int>[] callers = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(caller => Task.Run(() =>
        {
            int wrong = 0;
            for (int run = 0; run < 30; run++)
            {
                int index = (caller + run) % _layers.Length;
                var output = new byte[expected[index].Length];
                Repeat(_layers[index].Layer, _layers[index].Case, output, 1);
                wrong += output.AsSpan().SequenceEqual(expected[index]) ? 0 : 1;
            }

            return wrong;
        }))];

        Assert.All(await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(2)), static wrong => Assert.Equal(0, wrong));
    }

    public void Dispose() => _compiled.Dispose();

    private static void Repeat(IQuantizedLayer layer, ConvolutionCase item, byte[] output, int runs)
    {
        Shape4 from = item.Input.Shape;
        using (KernelThreads.Limit(Threads, workOfThread: 1))
        {
            for (int run = 0; run < runs; run++)
            {
                layer.Run(item.Input.Data, from.N, from.H, from.W, output);
            }
        }
    }

    /// <summary>Tests that count what the whole process allocates: nothing runs beside them.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
