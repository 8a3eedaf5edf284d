using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
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
    /// </summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="bias">Bias over input scale times weight scale.</param>
    /// <param name="multiplier">Input scale times weight scale over output scale.</param>
    /// <param name="e">The scalars.</param>
    /// <returns>16 codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector512<int> sum, Vector512<float> bias, Vector512<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Scaled(sum, bias, multiplier), e));

    /// <summary>As <see cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector512<int> sum, Vector512<float> bias, Vector512<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Leaky(Scaled(sum, bias, multiplier), e), e));

    /// <summary>The epilogue of 8 lanes, in the lower half of the result.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector256<int> sum, Vector256<float> bias, Vector256<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Scaled(sum, bias, multiplier), e));

    /// <summary>As <see cref="Requantize(Vector256{int}, Vector256{float}, Vector256{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector256<int> sum, Vector256<float> bias, Vector256<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Leaky(Scaled(sum, bias, multiplier), e), e));

    /// <summary>The epilogue of 4 lanes, in the lower quarter of the result.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Requantize(Vector128<int> sum, Vector128<float> bias, Vector128<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Scaled(sum, bias, multiplier), e));

    /// <summary>As <see cref="Requantize(Vector128{int}, Vector128{float}, Vector128{float}, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RequantizeLeaky(Vector128<int> sum, Vector128<float> bias, Vector128<float> multiplier, in EpilogueScalars e) =>
        Narrow(Codes(Leaky(Scaled(sum, bias, multiplier), e), e));

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

    /// <summary>Loads bytes and touches nothing behind them.</summary>
    /// <param name="source">First byte to read.</param>
    /// <param name="count">How many: 1 to 16. A constant in generated code, so that only its loads remain.</param>
    /// <returns>The bytes; what lies behind them is 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadCodes(byte* source, int count)
    {
        if (count == 16)
        {
            return Vector128.Load(source);
        }

        // From the last part to the first, so that each is shifted into its place.
        ulong low = 0;
        byte* end = source + count;
        if ((count & 1) != 0)
        {
            low = *--end;
        }

        if ((count & 2) != 0)
        {
            end -= 2;
            low = low << 16 | *(ushort*)end;
        }

        if ((count & 4) != 0)
        {
            end -= 4;
            low = low << 32 | *(uint*)end;
        }

        return (count & 8) != 0 ? Vector128.Create(*(ulong*)source, low).AsByte() : Vector128.CreateScalar(low).AsByte();
    }

    /// <summary>
    /// The epilogue of 16 pixels of one channel, not narrowed. Arguments as for
    /// <see cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>.
    /// </summary>
    /// <inheritdoc cref="Requantize(Vector512{int}, Vector512{float}, Vector512{float}, in EpilogueScalars)"/>
    /// <returns>16 codes of 0 to 255.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Codes(Vector512<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Scaled(sum, Vector512.Create(bias), Vector512.Create(multiplier)), e);

    /// <summary>As <see cref="Codes(Vector512{int}, float, float, in EpilogueScalars)"/>, negative values scaled by the slope first.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, float, float, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> CodesLeaky(Vector512<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Leaky(Scaled(sum, Vector512.Create(bias), Vector512.Create(multiplier)), e), e);

    /// <inheritdoc cref="Codes(Vector512{int}, float, float, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes(Vector256<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Scaled(sum, Vector256.Create(bias), Vector256.Create(multiplier)), e);

    /// <inheritdoc cref="CodesLeaky(Vector512{int}, float, float, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> CodesLeaky(Vector256<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Leaky(Scaled(sum, Vector256.Create(bias), Vector256.Create(multiplier)), e), e);

    /// <inheritdoc cref="Codes(Vector512{int}, float, float, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Codes(Vector128<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Scaled(sum, Vector128.Create(bias), Vector128.Create(multiplier)), e);

    /// <inheritdoc cref="CodesLeaky(Vector512{int}, float, float, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> CodesLeaky(Vector128<int> sum, float bias, float multiplier, in EpilogueScalars e) =>
        Codes(Leaky(Scaled(sum, Vector128.Create(bias), Vector128.Create(multiplier)), e), e);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scaled(Vector512<int> sum, Vector512<float> bias, Vector512<float> multiplier) =>
        Avx512F.Multiply(Avx512F.Add(Avx512F.ConvertToVector512Single(sum), bias), multiplier);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<int> sum, Vector256<float> bias, Vector256<float> multiplier) =>
        Avx.Multiply(Avx.Add(Avx.ConvertToVector256Single(sum), bias), multiplier);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<int> sum, Vector128<float> bias, Vector128<float> multiplier) =>
        (Vector128.ConvertToSingle(sum) + bias) * multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Leaky(Vector512<float> value, in EpilogueScalars e) =>
        Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * Vector512.Create(e.NegativeSlope), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Leaky(Vector256<float> value, in EpilogueScalars e) =>
        Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256<float>.Zero), value * Vector256.Create(e.NegativeSlope), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Leaky(Vector128<float> value, in EpilogueScalars e) =>
        Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<float>.Zero), value * Vector128.Create(e.NegativeSlope), value);

    // Clamping before rounding gives the same codes, since the bounds are integers, and keeps the conversion in range.
    /// <summary>Values in steps of the output to codes: clamped, rounded half to even, plus the zero point.</summary>
    /// <param name="value">The values.</param>
    /// <param name="e">The scalars.</param>
    /// <returns>Codes of 0 to 255.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Codes(Vector512<float> value, in EpilogueScalars e)
    {
        value = Avx512F.Min(Avx512F.Max(value, Vector512.Create(e.Lower)), Vector512.Create(e.Upper));
        return Avx512F.Add(Avx512F.ConvertToVector512Int32(value), Vector512.Create(e.ZeroPoint));
    }

    /// <inheritdoc cref="Codes(Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes(Vector256<float> value, in EpilogueScalars e)
    {
        value = Avx.Min(Avx.Max(value, Vector256.Create(e.Lower)), Vector256.Create(e.Upper));
        return Avx2.Add(Avx.ConvertToVector256Int32(value), Vector256.Create(e.ZeroPoint));
    }

    /// <inheritdoc cref="Codes(Vector512{float}, in EpilogueScalars)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Codes(Vector128<float> value, in EpilogueScalars e)
    {
        Vector128<float> lower = Vector128.Create(e.Lower), upper = Vector128.Create(e.Upper);
        Vector128<int> rounded =
            Sse2.IsSupported ? Sse2.ConvertToVector128Int32(Sse.Min(Sse.Max(value, lower), upper))
            : AdvSimd.IsSupported ? AdvSimd.ConvertToInt32RoundToEven(AdvSimd.MinNumber(AdvSimd.MaxNumber(value, lower), upper))
            : Vector128.ConvertToInt32(Vector128.Round(Vector128.Min(Vector128.Max(value, lower), upper)));
        return rounded + Vector128.Create(e.ZeroPoint);
    }

    /// <summary>Codes side by side, in the lower bytes of the result.</summary>
    /// <param name="codes">Codes of 0 to 255.</param>
    /// <returns>The bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow(Vector512<int> codes) => Avx512F.ConvertToVector128Byte(codes);

    /// <inheritdoc cref="Narrow(Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow(Vector256<int> codes)
    {
        Vector128<short> words = Sse2.PackSignedSaturate(codes.GetLower(), codes.GetUpper());
        return Sse2.PackUnsignedSaturate(words, words);
    }

    /// <inheritdoc cref="Narrow(Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow(Vector128<int> codes)
    {
        if (Sse2.IsSupported)
        {
            Vector128<short> packed = Sse2.PackSignedSaturate(codes, codes);
            return Sse2.PackUnsignedSaturate(packed, packed);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            // Every second byte, twice.
            Vector128<byte> even = AdvSimd.Arm64.UnzipEven(codes.AsByte(), codes.AsByte());
            return AdvSimd.Arm64.UnzipEven(even, even);
        }

        Vector128<short> words = Vector128.Narrow(codes, codes);
        return Vector128.Narrow(words.AsUInt16(), words.AsUInt16());
    }
}
