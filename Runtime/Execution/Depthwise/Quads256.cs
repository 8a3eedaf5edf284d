using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>4 codes of each of 32 channels, as four vectors of 4 bytes a lane.</summary>
/// <param name="first">4 channels of each 16: the first ones.</param>
/// <param name="second">The second ones.</param>
/// <param name="third">The third ones.</param>
/// <param name="fourth">The fourth ones.</param>
public readonly struct Quads256(Vector256<int> first, Vector256<int> second, Vector256<int> third, Vector256<int> fourth)
{
    /// <summary>The first 4 channels of each 16.</summary>
    public readonly Vector256<int> First = first;

    /// <summary>The second ones.</summary>
    public readonly Vector256<int> Second = second;

    /// <summary>The third ones.</summary>
    public readonly Vector256<int> Third = third;

    /// <summary>The fourth ones.</summary>
    public readonly Vector256<int> Fourth = fourth;

    /// <summary>Unpacks 4 pixels of 32 channels.</summary>
    /// <param name="a">The first pixel; so many bytes are read.</param>
    /// <param name="b">The second one.</param>
    /// <param name="c">The third one.</param>
    /// <param name="d">The fourth one.</param>
    /// <returns>Their codes side by side.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads256 Of(byte* a, byte* b, byte* c, byte* d)
    {
        return Of(Vector256.Load(a), Vector256.Load(b), Vector256.Load(c), Vector256.Load(d));
    }

    /// <summary>The codes of one pixel of 32 channels, as four vectors of int32.</summary>
    /// <param name="source">Its first code.</param>
    /// <param name="count">How many are read, at least 1; what lies behind them is 0.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads256 Codes(byte* source, int count) => Of(QuadEpilogue.Load256(source, count), Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quads256 Of(Vector256<byte> va, Vector256<byte> vb, Vector256<byte> vc, Vector256<byte> vd)
    {
        Vector256<short> ab0 = Avx2.UnpackLow(va, vb).AsInt16(), ab1 = Avx2.UnpackHigh(va, vb).AsInt16();
        Vector256<short> cd0 = Avx2.UnpackLow(vc, vd).AsInt16(), cd1 = Avx2.UnpackHigh(vc, vd).AsInt16();
        return new Quads256(Avx2.UnpackLow(ab0, cd0).AsInt32(), Avx2.UnpackHigh(ab0, cd0).AsInt32(), Avx2.UnpackLow(ab1, cd1).AsInt32(), Avx2.UnpackHigh(ab1, cd1).AsInt32());
    }

    /// <summary>Adds a dot step of 4 codes a lane.</summary>
    /// <typeparam name="TDot">The dot step.</typeparam>
    /// <param name="sum">Accumulators.</param>
    /// <param name="quads">4 codes a lane.</param>
    /// <param name="weights">Their weights: a vector of bytes, or two of words, for codes 0 and 2 and for 1 and 3.</param>
    /// <returns>The new accumulators.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<int> Dot<TDot>(Vector256<int> sum, Vector256<int> quads, byte* weights)
        where TDot : struct, IDot256
    {
        if (TDot.ChannelBytes == 1)
        {
            return TDot.Step(sum, quads, Vector256.Load((int*)weights));
        }

        sum = TDot.Step(sum, quads & Vector256.Create(0x00FF00FF), Vector256.Load((int*)weights));
        return TDot.Step(sum, (quads.AsUInt16() >>> 8).AsInt32(), Vector256.Load((int*)(weights + Vector256<byte>.Count)));
    }
}
