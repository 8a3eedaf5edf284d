using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics.Arm;
using Kernels.Bench.Subjects;
using Kernels.Packing;

namespace Kernels.Bench.Timing;

/// <summary>Which instructions a generated layer multiplies with, and what they can do at most.</summary>
internal static class Instructions
{
    private static readonly PeakPair[] All = [PeakPair.Bytes, PeakPair.Words, PeakPair.Dot256, PeakPair.Dot512, PeakPair.Sdot, PeakPair.Smull];

    /// <summary>The peak loops that this CPU can run.</summary>
    public static PeakLoop[] Loops() => [.. All.Where(PeakLoop.IsSupported).Select(pair => new PeakLoop(pair))];

    /// <summary>The instructions of a layer, or nothing when it does not say.</summary>
    /// <param name="generated">The layer with its weights.</param>
    public static PeakPair? Of(Int8Contestant generated) => generated.Info switch
    {
        null => null,
        { Tier: "Avx512Vnni" } => PeakPair.Dot512,
        { Form: WeightForm.ExactBytes } => PeakPair.Dot256,
        { Form: WeightForm.SplitBytes } => PeakPair.Bytes,
        { Form: WeightForm.SignedBytes } => PeakPair.Sdot,
        { Form: WeightForm.SignedPairs } => PeakPair.Smull,
        _ => PeakPair.Words,
    };

    /// <summary>The instruction's name.</summary>
    /// <param name="pair">The instructions.</param>
    public static string Name(PeakPair? pair) => pair switch
    {
        PeakPair.Dot512 => "vpdpbusd zmm",
        PeakPair.Dot256 => "vpdpbusd ymm",
        PeakPair.Bytes => "vpmaddubsw",
        PeakPair.Words => AdvSimd.IsSupported ? "smull words" : "vpmaddwd",
        PeakPair.Sdot => "sdot",
        PeakPair.Smull => "smull bytes",
        _ => "?",
    };

    /// <summary>GMAC/s of a peak loop, or nothing when there is none for the instructions.</summary>
    /// <param name="pair">The instructions.</param>
    /// <param name="loops">The loops that were timed.</param>
    /// <param name="microseconds">Their times by name.</param>
    public static double? Peak(PeakPair? pair, IEnumerable<PeakLoop> loops, IReadOnlyDictionary<string, double> microseconds) =>
        loops.FirstOrDefault(loop => loop.Pair == pair) is PeakLoop loop ? loop.Macs / microseconds[loop.Name] / 1000 : null;
}
