using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Execution;
using Xunit;

namespace Kernels.Tests.Threads;

public class RowTeamTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(KernelThreads.MostThreads)]
    public void Every_row_is_computed_once(int threads)
    {
        foreach (int rows in new[] { 1, 2, 3, 5, 28, 257, 10_000 })
        {
            for (int run = 0; run < 20; run++)
            {
                var counts = new int[rows];

                RowTeam<Counting>.Run(new Counting(counts), rows, threads);

                Assert.All(counts, static count => Assert.Equal(1, count));
            }
        }
    }

    [Fact]
    public void Helpers_join_in()
    {
        int caller = Environment.CurrentManagedThreadId;
        using var helped = new ManualResetEventSlim();

        // The caller's first band lasts until a helper has come.
        RowTeam<Acting>.Run(new Acting(_ => Assert.True(Environment.CurrentManagedThreadId != caller ? Set(helped) : helped.Wait(Long))), 100, 2);

        Assert.True(helped.IsSet);
    }

    [Fact]
    public void Helpers_may_use_the_processors_that_their_caller_may()
    {
        byte[] processors = Mask();
        int caller = Environment.CurrentManagedThreadId;
        int others = 0;
        for (int run = 0; run < 200; run++)
        {
            using var helped = new ManualResetEventSlim();
            RowTeam<Acting>.Run(
                new Acting(_ =>
                {
                    if (Environment.CurrentManagedThreadId == caller)
                    {
                        helped.Wait(Long);
                        return;
                    }

                    Interlocked.Add(ref others, Mask().AsSpan().SequenceEqual(processors) ? 0 : 1);
                    helped.Set();
                }),
                100,
                2);
        }

        Assert.Equal(0, others);
    }

    [Fact]
    public void No_more_threads_work_than_may()
    {
        int working = 0;
        int most = 0;
        for (int run = 0; run < 200; run++)
        {
            // Runs with more and with fewer threads take turns, so that helpers of one come late to another.
            int threads = run % 2 == 0 ? 7 : 2;
            most = 0;
            RowTeam<Acting>.Run(
                new Acting(_ =>
                {
                    int now = Interlocked.Increment(ref working);
                    int known;
                    while (now > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, known) != known)
                    {
                    }

                    Thread.SpinWait(2000);
                    Interlocked.Decrement(ref working);
                }),
                50,
                threads);

            Assert.InRange(most, 1, threads);
        }
    }

    [Fact]
    public void What_a_helper_throws_reaches_the_caller_once_nobody_works()
    {
        int caller = Environment.CurrentManagedThreadId;
        for (int run = 0; run < 20; run++)
        {
            int working = 0;
            using var thrown = new ManualResetEventSlim();
            var exception = Assert.Throws<InvalidOperationException>(() => RowTeam<Acting>.Run(
                new Acting(_ =>
                {
                    if (Environment.CurrentManagedThreadId != caller)
                    {
                        thrown.Set();
                        throw new InvalidOperationException("A row cannot be computed.");
                    }

                    Interlocked.Increment(ref working);
                    thrown.Wait(Long);
                    Interlocked.Decrement(ref working);
                }),
                64,
                3));

            Assert.Equal("A row cannot be computed.", exception.Message);
            Assert.Equal(0, working);
        }
    }

    [Fact]
    public void What_the_callers_band_throws_waits_for_helpers_and_ends_the_run()
    {
        int caller = Environment.CurrentManagedThreadId;
        int working = 0;
        int computed = 0;
        using var helped = new ManualResetEventSlim();
        Assert.Throws<InvalidOperationException>(() => RowTeam<Acting>.Run(
            new Acting(_ =>
            {
                if (Environment.CurrentManagedThreadId == caller)
                {
                    helped.Wait(Long);
                    throw new InvalidOperationException();
                }

                Interlocked.Increment(ref working);
                helped.Set();
                Thread.Sleep(50);
                Interlocked.Increment(ref computed);
                Interlocked.Decrement(ref working);
            }),
            1000,
            2));

        Assert.Equal(0, working);
        Assert.InRange(computed, 1, 10);

        var counts = new int[100];
        RowTeam<Counting>.Run(new Counting(counts), 100, 2);
        Assert.All(counts, static count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Threads_of_the_pool_that_all_run_teams_finish()
    {
        Task<int>[] callers = [.. Enumerable.Range(0, 8 * Environment.ProcessorCount).Select(_ => Task.Run(static () =>
        {
            var counts = new int[60];
            for (int run = 0; run < 200; run++)
            {
                RowTeam<Counting>.Run(new Counting(counts), counts.Length, 4);
            }

            return counts.Count(static count => count == 200);
        }))];

        Assert.All(await Task.WhenAll(callers).WaitAsync(Long), static counted => Assert.Equal(60, counted));
    }

    private static byte[] Mask()
    {
        var mask = new byte[Processor.MaskBytes];
        Processor.TryGetMask(mask);
        return mask;
    }

    private static bool Set(ManualResetEventSlim signal)
    {
        signal.Set();
        return true;
    }

    private readonly struct Counting(int[] counts) : IRowKernel
    {
        public void Run(int first, int end)
        {
            for (int row = first; row < end; row++)
            {
                Interlocked.Increment(ref counts[row]);
            }
        }
    }

    private readonly struct Acting(Action<int> act) : IRowKernel
    {
        public void Run(int first, int end) => act(first);
    }
}
