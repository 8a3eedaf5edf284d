using Kernels.Bench.Report;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Subjects;

/// <summary>A contestant of this library once more, on several threads.</summary>
/// <param name="contestant">The contestant; it keeps its buffers.</param>
/// <param name="threads">The most threads of a run.</param>
internal sealed class ThreadedContestant(Contestant contestant, int threads) : Contestant
{
    /// <inheritdoc/>
    public override string Name => QuickResult.Threaded;

    /// <inheritdoc/>
    public override bool IsManaged => contestant.IsManaged;

    /// <inheritdoc/>
    public override double WarmMilliseconds => 6;

    /// <inheritdoc/>
    public override void Run()
    {
        using (KernelThreads.Limit(threads))
        {
            contestant.Run();
        }
    }

    /// <inheritdoc/>
    public override byte[]? OutputCodes() => contestant.OutputCodes();
}
