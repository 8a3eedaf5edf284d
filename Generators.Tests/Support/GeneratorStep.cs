using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Tests.Support;

/// <summary>One value that a tracked step, or an output, gave.</summary>
/// <param name="Generator">The generator's class.</param>
/// <param name="Name">The step.</param>
/// <param name="Value">What it gave.</param>
/// <param name="Reason">Whether it was new, changed, computed again with an equal result, or not computed.</param>
internal sealed record GeneratorStep(string Generator, string Name, object? Value, IncrementalStepRunReason Reason)
{
    /// <summary>
    /// Whether the steps behind this one see no change. Emission must not even run: equal text computed again is not reused.
    /// </summary>
    public bool IsReused => Reason == IncrementalStepRunReason.Cached
        || (Reason == IncrementalStepRunReason.Unchanged && Name is not (TrackingNames.Emit or TrackingNames.Kernel));
}
