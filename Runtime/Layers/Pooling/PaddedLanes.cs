using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>Vectors of float32 at the end of spans: what lies behind it reads as 0 and is not written.</summary>
internal static class PaddedLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(ReadOnlySpan<float> values) => values.Length >= Vector<float>.Count ? new Vector<float>(values) : LoadRest(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> lanes, Span<float> values)
    {
        if (values.Length >= Vector<float>.Count)
        {
            lanes.CopyTo(values);
        }
        else
        {
            StoreRest(lanes, values);
        }
    }

    private static Vector<float> LoadRest(ReadOnlySpan<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        values.CopyTo(padded);
        return new Vector<float>(padded);
    }

    private static void StoreRest(Vector<float> lanes, Span<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        lanes.CopyTo(padded);
        padded[..values.Length].CopyTo(values);
    }
}
