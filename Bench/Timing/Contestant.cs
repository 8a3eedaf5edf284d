using System;

namespace Kernels.Bench.Timing;

/// <summary>Something that is timed against others: it computes the same layer of the same data, or it is a peak loop.</summary>
internal abstract class Contestant : IDisposable
{
    /// <summary>Name of its column in the CSV, without the unit.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the runtime compiles it while it runs, so that it needs more calls before it is timed.</summary>
    public virtual bool IsManaged => false;

    /// <summary>Milliseconds of a turn before it is timed: several threads need some until they are spread over the cores.</summary>
    public virtual double WarmMilliseconds => 0;

    /// <summary>Computes once.</summary>
    public abstract void Run();

    /// <summary>The output of the last run as codes in order h, w, c, or nothing when there is none to compare.</summary>
    public virtual byte[]? OutputCodes() => null;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
