using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>Loads, requantization and stores that generated kernels share. Every method is one or a few instructions.</summary>
public static unsafe class Lanes
{
    /// <summary>4 activations bytes (or 2 words) in every lane.</summary>
    /// <param name="x">Address of the first of 4 readable bytes.</param>
    /// <returns>The broadcast.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast512(byte* x) => Vector512.Create(*(int*)x);

    /// <inheritdoc cref="Broadcast512"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast256(byte* x) => Vector256.Create(*(int*)x);

    /// <inheritdoc cref="Broadcast512"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast128(byte* x) => Vector128.Create(*(int*)x);

    /// <summary>
    /// The epilogue of 16 lanes: clamp(((float)sum + bias) * multiplier), rounded half to even, plus the zero point.
    /// Clamping before rounding gives the same codes, since the bounds are integers, and keeps the conversion in range.
    /// </summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="bias">Bias over input scale times weight scale.</param>
    /// <param name="multiplier">Input scale times weight scale over output scale.</param>
    /// <param name="e">The scalars.</param>
    /// <returns>16 codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector512<int> sum, Vector512<float> bias, Vector512<float> multiplier, in EpilogueScalars e) =>
        Narrow(Avx512F.Multiply(Avx512F.Add(Avx512F.ConvertToVector512Single(sum), bias), multiplier), e);

    /// <summary>As <see cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector512<int> sum, Vector512<float> bias, Vector512<float> multiplier, in EpilogueScalars e)
    {
        Vector512<float> value = Avx512F.Multiply(Avx512F.Add(Avx512F.ConvertToVector512Single(sum), bias), multiplier);
        return Narrow(Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * Vector512.Create(e.NegativeSlope), value), e);
    }

    /// <summary>The epilogue of 8 lanes, in the lower half of the result.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector256<int> sum, Vector256<float> bias, Vector256<float> multiplier, in EpilogueScalars e) =>
        Narrow(Avx.Multiply(Avx.Add(Avx.ConvertToVector256Single(sum), bias), multiplier), e);

    /// <summary>As <see cref="Requantize(Vector256{int}, Vector256{float}, Vector256{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector256<int> sum, Vector256<float> bias, Vector256<float> multiplier, in EpilogueScalars e)
    {
        Vector256<float> value = Avx.Multiply(Avx.Add(Avx.ConvertToVector256Single(sum), bias), multiplier);
        return Narrow(Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256<float>.Zero), value * Vector256.Create(e.NegativeSlope), value), e);
    }

    /// <summary>The epilogue of 4 lanes, in the lower quarter of the result.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector128<int> sum, Vector128<float> bias, Vector128<float> multiplier, in EpilogueScalars e) =>
        Narrow((Vector128.ConvertToSingle(sum) + bias) * multiplier, e);

    /// <summary>As <see cref="Requantize(Vector128{int}, Vector128{float}, Vector128{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector128<int> sum, Vector128<float> bias, Vector128<float> multiplier, in EpilogueScalars e)
    {
        Vector128<float> value = (Vector128.ConvertToSingle(sum) + bias) * multiplier;
        return Narrow(Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<float>.Zero), value * Vector128.Create(e.NegativeSlope), value), e);
    }

    /// <summary>Stores the first bytes of a vector and touches nothing behind them.</summary>
    /// <param name="target">First byte to write.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="count">How many: 1 to 16. A constant in generated code, so that only its stores remain.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector128<byte> codes, int count)
    {
        if (count == 16)
        {
            codes.Store(target);
            return;
        }

        int at = 0;
        if ((count & 8) != 0)
        {
            *(ulong*)target = codes.AsUInt64()[0];
            at = 8;
            codes = Vector128.Shuffle(codes.AsUInt64(), Vector128.Create(1UL, 1UL)).AsByte();
        }

        ulong rest = codes.AsUInt64()[0];
        if ((count & 4) != 0)
        {
            *(uint*)(target + at) = (uint)rest;
            at += 4;
            rest >>= 32;
        }

        if ((count & 2) != 0)
        {
            *(ushort*)(target + at) = (ushort)rest;
            at += 2;
            rest >>= 16;
        }

        if ((count & 1) != 0)
        {
            target[at] = (byte)rest;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector512<float> value, in EpilogueScalars e)
    {
        value = Avx512F.Min(Avx512F.Max(value, Vector512.Create(e.Lower)), Vector512.Create(e.Upper));
        return Avx512F.ConvertToVector128Byte(Avx512F.Add(Avx512F.ConvertToVector512Int32(value), Vector512.Create(e.ZeroPoint)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector256<float> value, in EpilogueScalars e)
    {
        value = Avx.Min(Avx.Max(value, Vector256.Create(e.Lower)), Vector256.Create(e.Upper));
        Vector256<int> codes = Avx2.Add(Avx.ConvertToVector256Int32(value), Vector256.Create(e.ZeroPoint));
        Vector128<short> words = Sse2.PackSignedSaturate(codes.GetLower(), codes.GetUpper());
        return Sse2.PackUnsignedSaturate(words, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector128<float> value, in EpilogueScalars e)
    {
        value = Vector128.Min(Vector128.Max(value, Vector128.Create(e.Lower)), Vector128.Create(e.Upper));
        Vector128<int> codes = Vector128.ConvertToInt32(Vector128.Round(value)) + Vector128.Create(e.ZeroPoint);
        Vector128<short> words = Vector128.Narrow(codes, codes);
        return Vector128.Narrow(words.AsUInt16(), words.AsUInt16());
    }
}
