using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>4 codes of each of 16 channels, as four vectors of 4 bytes a lane.</summary>
/// <param name="first">4 channels of each 16: the first ones.</param>
/// <param name="second">The second ones.</param>
/// <param name="third">The third ones.</param>
/// <param name="fourth">The fourth ones.</param>
public readonly struct Quads128(Vector128<int> first, Vector128<int> second, Vector128<int> third, Vector128<int> fourth)
{
    /// <summary>The first 4 channels of each 16.</summary>
    public readonly Vector128<int> First = first;

    /// <summary>The second ones.</summary>
    public readonly Vector128<int> Second = second;

    /// <summary>The third ones.</summary>
    public readonly Vector128<int> Third = third;

    /// <summary>The fourth ones.</summary>
    public readonly Vector128<int> Fourth = fourth;

    /// <summary>Unpacks 4 pixels of 16 channels.</summary>
    /// <param name="a">The first pixel; so many bytes are read.</param>
    /// <param name="b">The second one.</param>
    /// <param name="c">The third one.</param>
    /// <param name="d">The fourth one.</param>
    /// <returns>Their codes side by side.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads128 Of(byte* a, byte* b, byte* c, byte* d)
    {
        return Of(Vector128.Load(a), Vector128.Load(b), Vector128.Load(c), Vector128.Load(d));
    }

    /// <summary>The codes of one pixel of 16 channels, as four vectors of int32.</summary>
    /// <param name="source">Its first code.</param>
    /// <param name="count">How many are read, at least 1; what lies behind them is 0.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Quads128 Codes(byte* source, int count) => Of(QuadEpilogue.Load128(source, count), Vector128<byte>.Zero, Vector128<byte>.Zero, Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quads128 Of(Vector128<byte> va, Vector128<byte> vb, Vector128<byte> vc, Vector128<byte> vd)
    {
        Vector128<short> ab0 = Unpack.Low(va, vb).AsInt16(), ab1 = Unpack.High(va, vb).AsInt16();
        Vector128<short> cd0 = Unpack.Low(vc, vd).AsInt16(), cd1 = Unpack.High(vc, vd).AsInt16();
        return new Quads128(Unpack.Low(ab0, cd0).AsInt32(), Unpack.High(ab0, cd0).AsInt32(), Unpack.Low(ab1, cd1).AsInt32(), Unpack.High(ab1, cd1).AsInt32());
    }

    /// <summary>Adds a dot step of 4 codes a lane.</summary>
    /// <typeparam name="TDot">The dot step.</typeparam>
    /// <param name="sum">Accumulators.</param>
    /// <param name="quads">4 codes a lane.</param>
    /// <param name="weights">Their weights: a vector of bytes, or two of words, for codes 0 and 2 and for 1 and 3.</param>
    /// <returns>The new accumulators.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<int> Dot<TDot>(Vector128<int> sum, Vector128<int> quads, byte* weights)
        where TDot : struct, IDot128
    {
        if (TDot.ChannelBytes == 1)
        {
            return TDot.Step(sum, quads, Vector128.Load((int*)weights));
        }

        sum = TDot.Step(sum, quads & Vector128.Create(0x00FF00FF), Vector128.Load((int*)weights));
        return TDot.Step(sum, (quads.AsUInt16() >>> 8).AsInt32(), Vector128.Load((int*)(weights + Vector128<byte>.Count)));
    }
}
