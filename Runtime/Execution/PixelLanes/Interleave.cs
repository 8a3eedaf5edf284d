using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>
/// Stores of PixelLanes kernels. Accumulators hold one code of many neighbouring pixels; memory wants all codes of a
/// pixel side by side. Codes are first joined, 4 accumulators to an int32 (lane = pixel, lowest byte = first
/// accumulator); then whole vectors of bytes are permuted into place where the CPU can, and pixels stored one by one
/// where it cannot.
/// </summary>
public static unsafe class Interleave
{
    /// <summary>Joins the codes of up to 4 accumulators.</summary>
    /// <param name="a">Lowest byte.</param>
    /// <param name="b">Second byte.</param>
    /// <param name="c">Third byte.</param>
    /// <param name="d">Highest byte.</param>
    /// <returns>The joined codes, a pixel a lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Join(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d) => (a | (b << 8)) | ((c << 16) | (d << 24));

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Join(Vector512<int> a, Vector512<int> b, Vector512<int> c) => a | (b << 8) | (c << 16);

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Join(Vector512<int> a, Vector512<int> b) => a | (b << 8);

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Join(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) => (a | (b << 8)) | ((c << 16) | (d << 24));

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Join(Vector256<int> a, Vector256<int> b, Vector256<int> c) => a | (b << 8) | (c << 16);

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Join(Vector256<int> a, Vector256<int> b) => a | (b << 8);

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Join(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) => (a | (b << 8)) | ((c << 16) | (d << 24));

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Join(Vector128<int> a, Vector128<int> b, Vector128<int> c) => a | (b << 8) | (c << 16);

    /// <inheritdoc cref="Join(Vector512{int}, Vector512{int}, Vector512{int}, Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Join(Vector128<int> a, Vector128<int> b) => a | (b << 8);

    /// <summary>Stores the first codes of 16 joined pixels, each pixel by itself.</summary>
    /// <param name="target">Address of the first pixel's codes.</param>
    /// <param name="joined">The codes.</param>
    /// <param name="count">Codes of a pixel: 1 to 4. A constant in generated code.</param>
    /// <param name="step">Bytes from one pixel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(byte* target, Vector512<int> joined, int count, int step) => Scatter(target, (int*)&joined, 16, count, step);

    /// <summary>Stores the first codes of 8 joined pixels, each pixel by itself.</summary>
    /// <inheritdoc cref="Scatter(byte*, Vector512{int}, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(byte* target, Vector256<int> joined, int count, int step)
    {
        if (count == step)
        {
            StoreDense(target, joined.GetLower(), count);
            StoreDense(target + 4 * count, joined.GetUpper(), count);
            return;
        }

        Scatter(target, (int*)&joined, 8, count, step);
    }

    /// <summary>Stores the first codes of 4 joined pixels, each pixel by itself.</summary>
    /// <inheritdoc cref="Scatter(byte*, Vector512{int}, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(byte* target, Vector128<int> joined, int count, int step)
    {
        if (count == step)
        {
            StoreDense(target, joined, count);
            return;
        }

        Scatter(target, (int*)&joined, 4, count, step);
    }

    /// <summary>Stores 16 pixels of up to 4 codes that lie side by side in memory.</summary>
    /// <param name="target">Address of the first pixel's codes.</param>
    /// <param name="joined">The codes.</param>
    /// <param name="count">Codes of a pixel, 1 to 4, and bytes from one pixel to the next. A constant in generated code.</param>
    /// <param name="permutation">The table of <see cref="WriteTable"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector512<int> joined, int count, byte* permutation)
    {
        if (count == 1)
        {
            Avx512F.ConvertToVector128Byte(joined).Store(target);
        }
        else if (count == 2)
        {
            Avx512F.ConvertToVector256UInt16(joined).AsByte().Store(target);
        }
        else if (count == 4)
        {
            joined.AsByte().Store(target);
        }
        else if (Avx512Vbmi.IsSupported)
        {
            Vector512<byte> codes = Avx512Vbmi.PermuteVar64x8(joined.AsByte(), Vector512.Load(permutation));
            codes.GetLower().Store(target);
            codes.GetUpper().GetLower().Store(target + 32);
        }
        else
        {
            Scatter(target, joined, count, count);
        }
    }

    /// <summary>Stores 16 pixels of 5 to 8 codes that lie side by side in memory.</summary>
    /// <param name="target">Address of the first pixel's codes.</param>
    /// <param name="first">The first 4 codes of each pixel.</param>
    /// <param name="second">The others.</param>
    /// <param name="count">Codes of a pixel, and bytes from one pixel to the next. A constant in generated code.</param>
    /// <param name="permutation">The table of <see cref="WriteTable"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector512<int> first, Vector512<int> second, int count, byte* permutation)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            Scatter(target, first, 4, count);
            Scatter(target + 4, second, count - 4, count);
            return;
        }

        Avx512Vbmi.PermuteVar64x8x2(first.AsByte(), Vector512.Load(permutation), second.AsByte()).Store(target);
        Vector512<byte> rest = Avx512Vbmi.PermuteVar64x8x2(first.AsByte(), Vector512.Load(permutation + 64), second.AsByte());
        if (count == 8)
        {
            rest.Store(target + 64);
            return;
        }

        // 16, 32 or 48 bytes are left.
        if (count == 5)
        {
            rest.GetLower().GetLower().Store(target + 64);
            return;
        }

        rest.GetLower().Store(target + 64);
        if (count == 7)
        {
            rest.GetUpper().GetLower().Store(target + 96);
        }
    }

    /// <summary>Copies codes that a tile wrote to spare memory, where it would have written past the row.</summary>
    /// <param name="source">The tile's output.</param>
    /// <param name="target">Where its first code belongs.</param>
    /// <param name="phases">Output pixels to copy.</param>
    /// <param name="step">Bytes from one to the next.</param>
    /// <param name="channels">Codes of each that the tile wrote.</param>
    public static void CopyNarrow(byte* source, byte* target, int phases, int step, int channels) => PixelCopy.Scatter(source, step, target, step, phases, channels);

    /// <summary>Bytes of the permutation table of so many codes a pixel.</summary>
    internal static nint TableBytes(int count) => count is 3 or (>= 5 and <= 8) ? (count + 3) / 4 * 64 : 0;

    /// <summary>
    /// Writes for each byte of the output its place in the joined vectors: output byte i is code i % count of pixel
    /// i / count, and code k of pixel p is byte 64 * (k / 4) + 4 * p + k % 4.
    /// </summary>
    internal static void WriteTable(int count, byte* table)
    {
        int used = TableBytes(count) == 0 ? 0 : 16 * count;
        for (int i = 0; i < used; i++)
        {
            int code = i % count;
            table[i] = (byte)(code / 4 * 64 + i / count * 4 + code % 4);
        }
    }

    // 4 pixels that lie side by side in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDense(byte* target, Vector128<int> joined, int count)
    {
        Vector128<byte> codes = count switch
        {
            1 => Vector128.Shuffle(joined.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            2 => Vector128.Shuffle(joined.AsByte(), Vector128.Create((byte)0, 1, 4, 5, 8, 9, 12, 13, 0, 0, 0, 0, 0, 0, 0, 0)),
            3 => Vector128.Shuffle(joined.AsByte(), Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)),
            _ => joined.AsByte(),
        };
        Lanes.Store(target, codes, 4 * count);
    }

    // Writes only the pixel's own bytes: others may belong to a row that is done already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Scatter(byte* target, int* joined, int pixels, int count, int step)
    {
        for (int i = 0; i < pixels; i++, target += step)
        {
            int codes = joined[i];
            if (count == 4)
            {
                *(int*)target = codes;
                continue;
            }

            if (count >= 2)
            {
                *(short*)target = (short)codes;
            }

            if (count == 1)
            {
                *target = (byte)codes;
            }
            else if (count == 3)
            {
                target[2] = (byte)(codes >> 16);
            }
        }
    }
}
