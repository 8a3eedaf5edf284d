using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>Adds up codes that lie side by side.</summary>
internal static class CodeSums
{
    /// <summary>The sum of all codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Of(ReadOnlySpan<byte> codes)
    {
        long sum = 0;
        int i = 0;
        while (i <= codes.Length - Vector<byte>.Count)
        {
            // Two codes a lane and vector: 128 vectors fit 16 bits.
            Vector<ushort> sums = Vector<ushort>.Zero;
            for (int end = Math.Min(codes.Length - Vector<byte>.Count, i + 127 * Vector<byte>.Count); i <= end; i += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(codes[i..]), out Vector<ushort> low, out Vector<ushort> high);
                sums += low + high;
            }

            Vector.Widen(sums, out Vector<uint> first, out Vector<uint> second);
            sum += Vector.Sum(first) + Vector.Sum(second);
        }

        for (; i < codes.Length; i++)
        {
            sum += codes[i];
        }

        return sum;
    }
}
