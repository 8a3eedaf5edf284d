using System;
using System.Threading;

namespace Kernels;

/// <summary>
/// How many threads one run of a layer may use. Large layers split their rows over the thread pool, small ones run on the caller's
/// thread alone; the bytes are the same. The caller's thread always works too, so a busy pool only means less help.
/// </summary>
public static class KernelThreads
{
    /// <summary>More than a machine has processors, and as many as a team can count.</summary>
    internal const int MostThreads = 4096;

    // In multiply-accumulates, epilogue included: with less than this each, threads take longer to wake than they save.
    private const long DefaultWorkOfThread = 4_000_000;

    private static int s_limit = Math.Min(Environment.ProcessorCount, MostThreads);

    [ThreadStatic]
    private static int t_limit;

    [ThreadStatic]
    private static long t_workOfThread;

    /// <summary>
    /// The most threads of a run, its caller's included: 1 to 4096, by default <see cref="Environment.ProcessorCount"/>. It holds for the
    /// process; <see cref="Limit(int)"/> overrides it for one caller.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static int MaxDegreeOfParallelism
    {
        get => Volatile.Read(ref s_limit);
        set => Volatile.Write(ref s_limit, Checked(value, nameof(value)));
    }

    /// <summary>
    /// Sets another limit for the runs that the calling thread makes until the result is disposed, models included:
    /// <c>using (KernelThreads.Limit(1)) { model.Run(...); }</c>.
    /// </summary>
    /// <param name="maxDegreeOfParallelism">The most threads of a run, its caller's included: 1 to 4096.</param>
    /// <returns>Restores the limit before it when it is disposed, on the same thread.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static KernelThreadsLimit Limit(int maxDegreeOfParallelism) => Limit(maxDegreeOfParallelism, t_workOfThread);

    /// <summary>The same with other ideas of what is worth a thread, for tests.</summary>
    /// <param name="maxDegreeOfParallelism">The most threads of a run.</param>
    /// <param name="workOfThread">The least work of a thread; 0 for the usual.</param>
    internal static KernelThreadsLimit Limit(int maxDegreeOfParallelism, long workOfThread)
    {
        var before = new KernelThreadsLimit(t_limit, t_workOfThread);
        t_limit = Checked(maxDegreeOfParallelism, nameof(maxDegreeOfParallelism));
        t_workOfThread = workOfThread;
        return before;
    }

    /// <summary>Sets what <see cref="Limit(int, long)"/> found.</summary>
    internal static void Restore(int limit, long workOfThread)
    {
        t_limit = limit;
        t_workOfThread = workOfThread;
    }

    /// <summary>The threads that a run of the calling thread is worth.</summary>
    /// <param name="work">Its multiply-accumulates, epilogue included.</param>
    /// <returns>1 to the limit.</returns>
    internal static int For(long work)
    {
        long workOfThread = t_workOfThread;
        workOfThread = workOfThread == 0 ? DefaultWorkOfThread : workOfThread;
        if (work < 2 * workOfThread)
        {
            return 1;
        }

        int limit = t_limit;
        return (int)Math.Min(limit == 0 ? s_limit : limit, work / workOfThread);
    }

    private static int Checked(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostThreads, name);
        return value;
    }
}
