using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>4 codes of each of 64 channels, as four vectors of 4 bytes a lane.</summary>
/// <param name="first">4 channels of each 16: the first ones.</param>
/// <param name="second">The second ones.</param>
/// <param name="third">The third ones.</param>
/// <param name="fourth">The fourth ones.</param>
public readonly struct Quads512(Vector512<int> first, Vector512<int> second, Vector512<int> third, Vector512<int> fourth)
{
    /// <summary>The first 4 channels of each 16.</summary>
    public readonly Vector512<int> First = first;

    /// <summary>The second ones.</summary>
    public readonly Vector512<int> Second = second;

    /// <summary>The third ones.</summary>
    public readonly Vector512<int> Third = third;

    /// <summary>The fourth ones.</summary>
    public readonly Vector512<int> Fourth = fourth;

    /// <summary>Unpacks 4 pixels of 64 channels.</summary>
    /// <param name="a">The first pixel; so many bytes are read.</param>
    /// <param name="b">The second one.</param>
    /// <param name="c">The third one.</param>
    /// <param name="d">The fourth one.</param>
    /// <returns>Their codes side by side.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads512 Of(byte* a, byte* b, byte* c, byte* d)
    {
        return Of(Vector512.Load(a), Vector512.Load(b), Vector512.Load(c), Vector512.Load(d));
    }

    /// <summary>The codes of one pixel of 64 channels, as four vectors of int32.</summary>
    /// <param name="source">Its first code.</param>
    /// <param name="count">How many are read, at least 1; what lies behind them is 0.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads512 Codes(byte* source, int count) => Of(QuadEpilogue.Load512(source, count), Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quads512 Of(Vector512<byte> va, Vector512<byte> vb, Vector512<byte> vc, Vector512<byte> vd)
    {
        Vector512<short> ab0 = Avx512BW.UnpackLow(va, vb).AsInt16(), ab1 = Avx512BW.UnpackHigh(va, vb).AsInt16();
        Vector512<short> cd0 = Avx512BW.UnpackLow(vc, vd).AsInt16(), cd1 = Avx512BW.UnpackHigh(vc, vd).AsInt16();
        return new Quads512(Avx512BW.UnpackLow(ab0, cd0).AsInt32(), Avx512BW.UnpackHigh(ab0, cd0).AsInt32(), Avx512BW.UnpackLow(ab1, cd1).AsInt32(), Avx512BW.UnpackHigh(ab1, cd1).AsInt32());
    }

    /// <summary>Adds a dot step of 4 codes a lane.</summary>
    /// <typeparam name="TDot">The dot step.</typeparam>
    /// <param name="sum">Accumulators.</param>
    /// <param name="quads">4 codes a lane.</param>
    /// <param name="weights">Their weights: a vector of bytes, or two of words, for codes 0 and 2 and for 1 and 3.</param>
    /// <returns>The new accumulators.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<int> Dot<TDot>(Vector512<int> sum, Vector512<int> quads, byte* weights)
        where TDot : struct, IDot512
    {
        if (TDot.ChannelBytes == 1)
        {
            return TDot.Step(sum, quads, Vector512.Load((int*)weights));
        }

        sum = TDot.Step(sum, quads & Vector512.Create(0x00FF00FF), Vector512.Load((int*)weights));
        return TDot.Step(sum, (quads.AsUInt16() >>> 8).AsInt32(), Vector512.Load((int*)(weights + Vector512<byte>.Count)));
    }
}
