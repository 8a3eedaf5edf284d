using System;
using System.Threading;
using Xunit;

namespace Kernels.Tests.Threads;

public class KernelThreadsTests
{
    [Fact]
    public void One_thread_a_processor_is_the_default() => Assert.Equal(Environment.ProcessorCount, KernelThreads.MaxDegreeOfParallelism);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7_999_999, 1)]
    [InlineData(8_000_000, 2)]
    [InlineData(40_000_000, 10)]
    [InlineData(long.MaxValue, 64)]
    public void Threads_are_as_many_as_the_work_is_worth_and_the_limit_allows(long work, int threads)
    {
        using (KernelThreads.Limit(64))
        {
            Assert.Equal(threads, KernelThreads.For(work));
        }
    }

    [Fact]
    public void A_limit_holds_until_it_is_disposed_and_limits_nest()
    {
        int usual = KernelThreads.For(long.MaxValue);
        using (KernelThreads.Limit(5))
        {
            Assert.Equal(5, KernelThreads.For(long.MaxValue));
            using (KernelThreads.Limit(1))
            {
                Assert.Equal(1, KernelThreads.For(long.MaxValue));
            }

            Assert.Equal(5, KernelThreads.For(long.MaxValue));
        }

        Assert.Equal(usual, KernelThreads.For(long.MaxValue));
    }

    [Fact]
    public void A_limit_is_its_own_threads()
    {
        int usual = KernelThreads.For(long.MaxValue);
        int other = 0;
        using (KernelThreads.Limit(usual + 1))
        {
            var thread = new Thread(() => other = KernelThreads.For(long.MaxValue));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(usual, other);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4097)]
    public void A_limit_out_of_range_is_refused(int limit)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelThreads.MaxDegreeOfParallelism = limit);
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelThreads.Limit(limit).Dispose());
    }
}
