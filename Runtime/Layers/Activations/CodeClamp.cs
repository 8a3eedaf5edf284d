using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>Clamps codes, a vector at a time.</summary>
internal static class CodeClamp
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<byte> input, byte lower, byte upper, Span<byte> output)
    {
        int i = 0;
        var low = new Vector<byte>(lower);
        var high = new Vector<byte>(upper);
        for (; i <= input.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Min(Vector.Max(new Vector<byte>(input[i..]), low), high).CopyTo(output[i..]);
        }

        for (; i < input.Length; i++)
        {
            output[i] = Math.Clamp(input[i], lower, upper);
        }
    }
}
