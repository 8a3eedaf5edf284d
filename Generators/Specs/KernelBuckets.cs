using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kernels.Generators.Specs;

/// <summary>
/// The distinct specs of a compilation at places that stay theirs. The pipeline compares what a step gave item by item, at equal places: in a
/// plain list an inserted layer would move all behind it, and every one of their kernels would be emitted anew.
/// </summary>
internal static class KernelBuckets
{
    // A new kernel meets one of 100 others in its bucket once in 40 times; that one may then be emitted again, to the same text.
    private const int Count = 4096;

    /// <summary>Each spec once, in the bucket that its name hashes to.</summary>
    public static ImmutableArray<EquatableArray<LayerSpec>> Of(IEnumerable<LayerSpec> specs)
    {
        var buckets = new EquatableArray<LayerSpec>[Count];
        var groups = specs
            .Select(static spec => (Name: KernelName.Of(spec), Spec: spec))
            .GroupBy(static named => named.Name, StringComparer.OrdinalIgnoreCase)
            .Select(static group => group.First())
            .GroupBy(static named => Bucket(named.Name));
        foreach (IGrouping<int, (string Name, LayerSpec Spec)> group in groups)
        {
            buckets[group.Key] = new EquatableArray<LayerSpec>([.. group.OrderBy(static named => named.Name, StringComparer.Ordinal).Select(static named => named.Spec)]);
        }

        return ImmutableArray.Create(buckets);
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static int Bucket(string name)
    {
        uint hash = 2_166_136_261;
        foreach (char letter in name)
        {
            hash = unchecked((hash ^ letter) * 16_777_619);
        }

        return (int)((hash ^ (hash >> 16)) % Count);
    }
}
