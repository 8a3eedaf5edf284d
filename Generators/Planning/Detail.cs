using System.Collections.Generic;
using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>How much of a kernel is spelled out.</summary>
/// <param name="Dots">Dot steps that a tile method may spell out; at 0 everything loops but the register tile.</param>
/// <param name="AllWidths">Whether tiles of every width are emitted; otherwise the widest, and single pixels for narrow images.</param>
internal readonly record struct Detail(int Dots, bool AllWidths)
{
    /// <summary>About 8 KB of machine code, a quarter of the instruction cache.</summary>
    public const int MostDots = 288;

    /// <summary>What is tried in turn.</summary>
    public static readonly IReadOnlyList<Detail> All = [new(MostDots, true), new(MostDots, false), new(144, false), new(72, false), new(36, false), new(0, false)];

    /// <summary>The plan with most detail that still fits a file; null when none does.</summary>
    public static DataflowPlan? Fit(DataflowPlan plan, int phases) =>
        All.Select(plan.Within).FirstOrDefault(within => CodeSize.Of(within, phases) <= CodeSize.Most);
}
