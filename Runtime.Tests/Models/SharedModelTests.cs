using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Models that several threads run at once. The environment variable KERNELS_THREAD_RUNS says how many runs each of them does.</summary>
public class SharedModelTests
{
    private const int Threads = 16;

    private static readonly int s_runs =
        Environment.GetEnvironmentVariable("KERNELS_THREAD_RUNS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 120;

    [Fact]
    public void Threads_on_one_int8_model_get_the_bytes_of_one_and_allocate_nothing()
    {
        QuantizedModel model = QuantizedModelTests.Converted(SkipNet.Build().FuseEpilogues(), QConfig.FullRange);
        model.Reserve(Largest, Threads);
        AssertShared(
            thread => Quantizer.Quantize(SkipNet.Batch(thread, Shape(thread)), model.InputQuantization!.Value).Data.ToArray(),
            thread => new byte[model.OutputShape(Shape(thread)).Count],
            (input, thread, output) => model.Run(input, Shape(thread).N, Shape(thread).H, Shape(thread).W, output));
    }

    [Fact]
    public void Threads_on_one_float_model_get_the_values_of_one_and_allocate_nothing()
    {
        FloatModel model = SkipNet.Build();
        model.Reserve(Largest, Threads);
        AssertShared(
            thread => SkipNet.Batch(thread, Shape(thread)).Data.ToArray(),
            thread => new float[model.OutputShape(Shape(thread)).Count],
            (input, thread, output) => model.Run(input, Shape(thread).N, Shape(thread).H, Shape(thread).W, output));
    }

    [Fact]
    public void A_run_that_throws_leaves_the_model_as_it_was()
    {
        QuantizedModel model = QuantizedModelTests.Converted(SkipNet.Build(), QConfig.FullRange);
        byte[] input = Quantizer.Quantize(SkipNet.Batch(1), model.InputQuantization!.Value).Data.ToArray();
        var expected = new byte[model.OutputShape(SkipNet.Shape).Count];
        model.Run(input, SkipNet.Shape.N, SkipNet.Shape.H, SkipNet.Shape.W, expected);
        var output = new byte[expected.Length];

        Assert.Throws<ArgumentException>(() => model.Run(input, SkipNet.Shape.N, SkipNet.Shape.H, SkipNet.Shape.W, output.AsSpan(1)));
        model.Run(input, SkipNet.Shape.N, SkipNet.Shape.H, SkipNet.Shape.W, output);

        Assert.Equal(expected, output);
    }

    [Fact]
    public void Functions_of_codes_that_follow_one_another_give_the_codes_of_each_in_its_turn()
    {
        var builder = new ModelBuilder(3);
        Value value = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        foreach ((string name, Module module) in new[] { ("swish", Modules.Hardswish()), ("relu", Modules.ReLU()), ("tanh", Modules.Tanh()), ("leaky", Modules.LeakyReLU(0.2f)) })
        {
            value = builder.Add(name, module, value);
        }

        QuantizedModel model = QuantizedModelTests.Converted(builder.Build(builder.Add("sum", Modules.Add(), value, value)), QConfig.FullRange);
        QuantizedTensor input = Quantizer.Quantize(SkipNet.Batch(3), model.InputQuantization!.Value);

        Assert.Equal(PlainNetwork.Forward(model, input).Data.ToArray(), model.Forward(input).Data.ToArray());
    }

    [Fact]
    public void Values_share_the_arena()
    {
        QuantizedModel model = QuantizedModelTests.Converted(SkipNet.Build().FuseEpilogues(), QConfig.FullRange);

        (long arena, long sum) = model.MemoryOf(new Shape4(1, 3, 96, 96));

        Assert.True(arena <= 0.7 * sum, $"{arena} of {sum}");
    }

    private static Shape4 Largest => new(2, 3, 16, 10);

    /// <summary>Threads have shapes of their own, several of them the same.</summary>
    private static Shape4 Shape(int thread) => new(1 + thread % 2, 3, 12 + 2 * (thread % 3), 10);

    private static void AssertShared<T>(Func<int, T[]> inputOf, Func<int, T[]> outputOf, Run<T> run)
        where T : unmanaged
    {
        T[][] expected = [.. Enumerable.Range(0, Threads).Select(thread =>
        {
            T[] output = outputOf(thread);
            run(inputOf(thread), thread, output);
            return output;
        })];
        var wrong = new int[Threads];
        var allocated = new long[Threads];
        var counted = new int[Threads];
        using var barrier = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            T[] input = inputOf(thread);
            T[] output = outputOf(thread);
            barrier.SignalAndWait();
            for (int i = 0; i < 20; i++)
            {
                run(input, thread, output);
                wrong[thread] += output.AsSpan().SequenceEqual(expected[thread]) ? 0 : 1;
            }

            // Each has its buffers for rows now, and the comparison what it makes once.
            barrier.SignalAndWait();
            for (int i = 0; i < s_runs; i++)
            {
                int collections = GC.CollectionCount(0);
                long before = GC.GetAllocatedBytesForCurrentThread();
                output.AsSpan().Clear();
                run(input, thread, output);
                wrong[thread] += output.AsSpan().SequenceEqual(expected[thread]) ? 0 : 1;

                // A collection in between changes the counter of a thread that allocates nothing: it books the end of the thread's block.
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                bool isCounted = GC.CollectionCount(0) == collections;
                allocated[thread] += isCounted ? bytes : 0;
                counted[thread] += isCounted ? 1 : 0;
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Equal(new int[Threads], wrong);
        Assert.Equal(new long[Threads], allocated);
        Assert.All(counted, static runs => Assert.InRange(runs, s_runs / 2, s_runs));
    }

    private delegate void Run<T>(T[] input, int thread, T[] output);
}
