using System;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Networks;

/// <summary>A whole network that is timed.</summary>
/// <param name="name">What it is called in the table.</param>
/// <param name="isManaged">Whether the runtime compiles it.</param>
/// <param name="run">Runs it once.</param>
internal sealed class NetworkContestant(string name, bool isManaged, Action run) : Contestant
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override bool IsManaged => isManaged;

    /// <inheritdoc/>
    public override void Run() => run();
}
