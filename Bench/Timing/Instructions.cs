using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using Kernels.Bench.Subjects;

namespace Kernels.Bench.Timing;

/// <summary>Which instructions a generated layer multiplies with, and what they can do at most.</summary>
internal static class Instructions
{
    private static readonly PeakPair[] All = [PeakPair.Bytes, PeakPair.Words, PeakPair.Dot];

    /// <summary>The peak loops that this CPU can run.</summary>
    public static PeakLoop[] Loops() => [.. All.Where(PeakLoop.IsSupported).Select(pair => new PeakLoop(pair))];

    /// <summary>The instructions of a layer, or nothing when it does not say.</summary>
    /// <param name="generated">The layer with its weights.</param>
    /// <param name="layer">Its code.</param>
    public static PeakPair? Of(Int8Contestant generated, CompiledLayer layer) => generated.UsesBytes switch
    {
        true when AvxVnni.IsSupported && layer.Source.Contains("AvxVnni", StringComparison.Ordinal) => PeakPair.Dot,
        true => PeakPair.Bytes,
        false => PeakPair.Words,
        null => null,
    };

    /// <summary>The instruction's name.</summary>
    /// <param name="pair">The instructions.</param>
    public static string Name(PeakPair? pair) => pair switch
    {
        PeakPair.Dot => "vpdpbusd",
        PeakPair.Bytes => "vpmaddubsw",
        PeakPair.Words => "vpmaddwd",
        _ => "?",
    };

    /// <summary>GMAC/s of a peak loop, or nothing when there is none for the instructions.</summary>
    /// <param name="pair">The instructions.</param>
    /// <param name="loops">The loops that were timed.</param>
    /// <param name="microseconds">Their times by name.</param>
    public static double? Peak(PeakPair? pair, IEnumerable<PeakLoop> loops, IReadOnlyDictionary<string, double> microseconds) =>
        loops.FirstOrDefault(loop => loop.Pair == pair) is PeakLoop loop ? loop.Macs / microseconds[loop.Name] / 1000 : null;
}
