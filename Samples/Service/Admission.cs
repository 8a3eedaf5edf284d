using System.Threading;

namespace Kernels.Samples.Service;

/// <summary>
/// The places for requests: one a thread, and those of the queue. A request takes its place before its body is read, so that memory is
/// bounded by the places and a refusal costs nothing.
/// </summary>
internal sealed class Admission(ServiceOptions options)
{
    private int _taken;

    /// <summary>Places in all.</summary>
    public int Places { get; } = options.ThreadCount + options.Queue;

    /// <summary>Places taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a place, which <see cref="Leave"/> gives back.</summary>
    /// <returns>How many were taken before, or nothing if none is left.</returns>
    public int? TryEnter()
    {
        int before = Interlocked.Increment(ref _taken) - 1;
        if (before < Places)
        {
            return before;
        }

        Leave();
        return null;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);
}
