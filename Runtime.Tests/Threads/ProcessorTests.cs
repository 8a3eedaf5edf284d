using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using Kernels.Execution;
using Xunit;

namespace Kernels.Tests.Threads;

/// <summary>Each test has a thread of its own, so that no other test's thread can be left pinned.</summary>
public class ProcessorTests
{
    [Fact]
    public void A_thread_leaves_its_processor_where_it_may_use_another_and_may_use_the_same_ones_after() => OnThread(static () =>
    {
        byte[] before = Mask();
        bool moved = false;
        for (int time = 0; time < 100; time++)
        {
            int processor = Processor.Current;

            Assert.Equal(Count(before) > 1, Processor.Leave(processor));

            moved |= Processor.Current != processor;
            Assert.Equal(before, Mask());
        }

        Assert.Equal(Count(before) > 1, moved);
    });

    [Fact]
    public void A_thread_that_may_use_one_processor_stays() => OnThread(static () =>
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.False(Processor.Leave(0));
            return;
        }

        int processor = Processor.Current;
        var one = new byte[Processor.MaskBytes];
        one[processor / 8] = (byte)(1 << (processor % 8));
        Assert.Equal(0, SetAffinity(0, (nuint)one.Length, one));

        Assert.False(Processor.Leave(processor));

        Assert.Equal(one, Mask());
        Assert.Equal(processor, Processor.Current);
    });

    [Theory]
    [InlineData(Processor.Unknown)]
    [InlineData(int.MinValue)]
    [InlineData(8 * Processor.MaskBytes)]
    [InlineData(int.MaxValue)]
    public void No_thread_leaves_what_is_no_processor(int processor) => Assert.False(Processor.Leave(processor));

    [Fact]
    public void The_processor_is_known_on_Linux_alone() => Assert.Equal(OperatingSystem.IsLinux(), Processor.Current != Processor.Unknown);

    [Fact]
    public void Leaving_allocates_nothing() => OnThread(static () =>
    {
        Processor.Leave(Processor.Current);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Processor.Leave(Processor.Current);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    });

    private static byte[] Mask()
    {
        var mask = new byte[Processor.MaskBytes];
        Assert.Equal(OperatingSystem.IsLinux(), Processor.TryGetMask(mask));
        return mask;
    }

    private static int Count(byte[] mask) => mask.Sum(static bits => BitOperations.PopCount(bits));

    private static void OnThread(Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(test));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity")]
    private static extern int SetAffinity(int thread, nuint bytes, byte[] mask);
}
