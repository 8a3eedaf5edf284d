using System.Collections.Generic;
using Kernels.Bench.Shapes;

namespace Kernels.Bench.Report;

/// <summary>What quick found out about a shape.</summary>
/// <param name="Row">The shape.</param>
/// <param name="Dataflow">The planner's choice.</param>
/// <param name="Path">Instructions that the bell-shaped weights allowed.</param>
/// <param name="FullRangePath">Instructions that weights over the whole int8 range allowed.</param>
/// <param name="Microseconds">Median of each contestant by the name of its column; those that did not run are missing.</param>
/// <param name="Peak">GMAC/s of the loop of the instructions in <paramref name="Path"/>, in the same rounds; nothing when this CPU has no such loop.</param>
/// <param name="FullRangePeak">The same for <paramref name="FullRangePath"/>.</param>
internal sealed record QuickResult(
    ShapeRow Row,
    string Dataflow,
    string Path,
    string FullRangePath,
    IReadOnlyDictionary<string, double> Microseconds,
    double? Peak,
    double? FullRangePeak)
{
    /// <summary>Column of the generated kernel with bell-shaped weights.</summary>
    public const string Generated = "generated";

    /// <summary>Column of the generated kernel with weights over the whole int8 range.</summary>
    public const string FullRange = "generated_full_range";

    /// <summary>Column of the generated kernel with bell-shaped weights on several threads, when they were asked for.</summary>
    public const string Threaded = "generated_threads";

    /// <summary>Column of the kernel generated for the input's size alone, with bell-shaped weights, when it was asked for.</summary>
    public const string KnownSize = "generated_known_size";

    /// <summary>Column of this library's unspecialised int8 kernel.</summary>
    public const string Generic = "generic";

    /// <summary>Column of this library's float kernel.</summary>
    public const string Float = "float";

    /// <summary>GMAC/s with bell-shaped weights.</summary>
    public double Gmacs => Row.Macs / Microseconds[Generated] / 1000;

    /// <summary>GMAC/s with weights over the whole int8 range.</summary>
    public double FullRangeGmacs => Row.Macs / Microseconds[FullRange] / 1000;

    /// <summary>How many times as fast as the generated kernel a contestant is, or nothing.</summary>
    /// <param name="name">Its column.</param>
    public double? SpeedUp(string name) => Microseconds[Generated] / TimeOf(name);

    /// <summary>Microseconds of a contestant, or nothing.</summary>
    /// <param name="name">Its column.</param>
    public double? TimeOf(string name) => Microseconds.TryGetValue(name, out double time) ? time : null;

    /// <summary>How many times as long a contestant needs as the generated kernel, or nothing.</summary>
    /// <param name="name">Its column.</param>
    public double? RatioTo(string name) => TimeOf(name) / Microseconds[Generated];
}
