namespace Kernels;

/// <summary>A limit of the calling thread, in force until it is disposed; see <see cref="KernelThreads.Limit(int)"/>.</summary>
public readonly ref struct KernelThreadsLimit
{
    private readonly int _limit;
    private readonly long _workOfThread;

    internal KernelThreadsLimit(int limit, long workOfThread)
    {
        _limit = limit;
        _workOfThread = workOfThread;
    }

    /// <summary>Restores the limit before this one.</summary>
    public void Dispose() => KernelThreads.Restore(_limit, _workOfThread);
}
