using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>
/// The epilogue of depthwise tiles: four vectors of accumulators to a vector of codes, in the channels' order, since packs invert what
/// <see cref="Quads256"/> and its like have unpacked. On x86 saturating packs and a maximum of bytes do what the formula's clamps do
/// (<see cref="Quantization.Requantizer"/>), but for large values, which a conversion to int32 would turn into small ones.
/// </summary>
public static unsafe class QuadEpilogue
{
    /// <summary>The codes of 64 channels.</summary>
    /// <param name="s0">Accumulators of the first 4 channels of each 16.</param>
    /// <param name="s1">Of the second ones.</param>
    /// <param name="s2">Of the third ones.</param>
    /// <param name="s3">Of the fourth ones.</param>
    /// <param name="block">Bias and multiplier.</param>
    /// <param name="e">The scalars.</param>
    /// <param name="leaky">Whether negative values are scaled by the slope; a constant in generated code.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes(Vector512<int> s0, Vector512<int> s1, Vector512<int> s2, Vector512<int> s3, DepthwiseBlock* block, in EpilogueScalars e, bool leaky)
    {
        Vector512<short> zeroPoint = Vector512.Create(e.ZeroPointWords).AsInt16();
        Vector512<short> low = Avx512BW.AddSaturate(Avx512BW.PackSignedSaturate(Steps(s0, block, 0, e, leaky), Steps(s1, block, 16, e, leaky)), zeroPoint);
        Vector512<short> high = Avx512BW.AddSaturate(Avx512BW.PackSignedSaturate(Steps(s2, block, 32, e, leaky), Steps(s3, block, 48, e, leaky)), zeroPoint);
        return Avx512BW.Max(Avx512BW.PackUnsignedSaturate(low, high), Vector512.Create(e.LowestCodes).AsByte());
    }

    /// <summary>The codes of 32 channels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int}, DepthwiseBlock*, in EpilogueScalars, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3, DepthwiseBlock* block, in EpilogueScalars e, bool leaky)
    {
        Vector256<short> zeroPoint = Vector256.Create(e.ZeroPointWords).AsInt16();
        Vector256<short> low = Avx2.AddSaturate(Avx2.PackSignedSaturate(Steps(s0, block, 0, e, leaky), Steps(s1, block, 8, e, leaky)), zeroPoint);
        Vector256<short> high = Avx2.AddSaturate(Avx2.PackSignedSaturate(Steps(s2, block, 16, e, leaky), Steps(s3, block, 24, e, leaky)), zeroPoint);
        return Avx2.Max(Avx2.PackUnsignedSaturate(low, high), Vector256.Create(e.LowestCodes).AsByte());
    }

    /// <summary>The codes of 16 channels.</summary>
    /// <inheritdoc cref="Codes(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int}, DepthwiseBlock*, in EpilogueScalars, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes(Vector128<int> s0, Vector128<int> s1, Vector128<int> s2, Vector128<int> s3, DepthwiseBlock* block, in EpilogueScalars e, bool leaky)
    {
        Vector128<int> c0 = Clamped(s0, block, 0, e, leaky), c1 = Clamped(s1, block, 4, e, leaky), c2 = Clamped(s2, block, 8, e, leaky), c3 = Clamped(s3, block, 12, e, leaky);
        return Pack(c0, c1, c2, c3);
    }

    /// <summary>Four vectors of codes as bytes, in the channels' order.</summary>
    /// <param name="c0">Codes of 0 to 255: of the first 4 channels of each 16.</param>
    /// <param name="c1">Of the second ones.</param>
    /// <param name="c2">Of the third ones.</param>
    /// <param name="c3">Of the fourth ones.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Pack(Vector512<int> c0, Vector512<int> c1, Vector512<int> c2, Vector512<int> c3) =>
        Avx512BW.PackUnsignedSaturate(Avx512BW.PackSignedSaturate(c0, c1), Avx512BW.PackSignedSaturate(c2, c3));

    /// <inheritdoc cref="Pack(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Pack(Vector256<int> c0, Vector256<int> c1, Vector256<int> c2, Vector256<int> c3) =>
        Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(c0, c1), Avx2.PackSignedSaturate(c2, c3));

    /// <inheritdoc cref="Pack(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Pack(Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3) =>
        Vector128.Narrow(Vector128.Narrow(c0, c1).AsUInt16(), Vector128.Narrow(c2, c3).AsUInt16());

    /// <summary>Stores the first codes of a vector and touches nothing behind them.</summary>
    /// <param name="target">First byte to write.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="count">How many, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector512<byte> codes, int count)
    {
        if (count < 64)
        {
            Vector256<byte> half = codes.GetLower();
            if (count >= 32)
            {
                half.Store(target);
                target += 32;
                count -= 32;
                half = codes.GetUpper();
            }

            Store(target, half, count);
            return;
        }

        codes.Store(target);
    }

    /// <inheritdoc cref="Store(byte*, Vector512{byte}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector256<byte> codes, int count)
    {
        if (count < 32)
        {
            Vector128<byte> half = codes.GetLower();
            if (count >= 16)
            {
                half.Store(target);
                target += 16;
                count -= 16;
                half = codes.GetUpper();
            }

            Store(target, half, count);
            return;
        }

        codes.Store(target);
    }

    /// <inheritdoc cref="Store(byte*, Vector512{byte}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector128<byte> codes, int count) => Lanes.Store(target, codes, count);

    /// <summary>Loads codes and touches nothing behind them, which is 0 in the result.</summary>
    /// <param name="source">First byte to read.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>The codes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<byte> Load512(byte* source, int count) =>
        count >= 64 ? Vector512.Load(source)
        : count > 32 ? Vector512.Create(Vector256.Load(source), Load256(source + 32, count - 32))
        : Vector512.Create(Load256(source, count), Vector256<byte>.Zero);

    /// <inheritdoc cref="Load512"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<byte> Load256(byte* source, int count) =>
        count >= 32 ? Vector256.Load(source)
        : count > 16 ? Vector256.Create(Vector128.Load(source), Lanes.LoadCodes(source + 16, count - 16))
        : Vector256.Create(Lanes.LoadCodes(source, count), Vector128<byte>.Zero);

    /// <inheritdoc cref="Load512"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Load128(byte* source, int count) => Lanes.LoadCodes(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Steps(Vector512<int> sum, DepthwiseBlock* block, int first, in EpilogueScalars e, bool leaky)
    {
        Vector512<float> value = (Avx512F.ConvertToVector512Single(sum) + Vector512.Load(block->Bias + first)) * Vector512.Load(block->Multiplier + first);
        if (leaky)
        {
            value = Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * Vector512.Create(e.NegativeSlope), value);
        }

        return Avx512F.ConvertToVector512Int32(Avx512F.Min(value, Vector512.Create(e.Upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Steps(Vector256<int> sum, DepthwiseBlock* block, int first, in EpilogueScalars e, bool leaky)
    {
        Vector256<float> value = Avx.Multiply(Avx.Add(Avx.ConvertToVector256Single(sum), Vector256.Load(block->Bias + first)), Vector256.Load(block->Multiplier + first));
        if (leaky)
        {
            value = Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256<float>.Zero), value * Vector256.Create(e.NegativeSlope), value);
        }

        return Avx.ConvertToVector256Int32(Avx.Min(value, Vector256.Create(e.Upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clamped(Vector128<int> sum, DepthwiseBlock* block, int first, in EpilogueScalars e, bool leaky)
    {
        Vector128<float> value = (Vector128.ConvertToSingle(sum) + Vector128.Load(block->Bias + first)) * Vector128.Load(block->Multiplier + first);
        if (leaky)
        {
            value = Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<float>.Zero), value * Vector128.Create(e.NegativeSlope), value);
        }

        return Lanes.Codes(value, e);
    }
}
