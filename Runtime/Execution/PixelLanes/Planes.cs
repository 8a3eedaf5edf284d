using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Rows of pixels taken apart into a plane for each code of a pixel.</summary>
internal static unsafe class Planes
{
    // Codes of a pixel that shuffles of whole vectors take apart.
    private const int MostShuffled = 4;

    // Pixels and codes that unpacks take apart at a time.
    private const int Pixels = 16;
    private const int Block = 8;

    // [codes - 1][(code * codes + vector)]: the places of a code in one of the vectors of 16 pixels; others give 0.
    private static readonly Vector128<byte>[][] Orders = MakeOrders();

    /// <summary>Takes a row apart.</summary>
    /// <param name="row">First code of the row.</param>
    /// <param name="count">Codes of the row. The last pixel may lack some.</param>
    /// <param name="codes">Codes of a pixel.</param>
    /// <param name="planes">Receives the planes.</param>
    /// <param name="plane">Bytes from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(byte* row, int count, int codes, byte* planes, nint plane)
    {
        int pixel = 0;
        if (Vector128.IsHardwareAccelerated && codes <= MostShuffled)
        {
            Vector128<byte>[] orders = Orders[codes - 1];
            for (; pixel <= count / codes - 16; pixel += 16)
            {
                byte* source = row + (nint)pixel * codes;
                for (int code = 0; code < codes; code++)
                {
                    Vector128<byte> result = default;
                    for (int v = 0; v < codes; v++)
                    {
                        result |= Vector128.ShuffleNative(Vector128.Load(source + v * 16), orders[code * codes + v]);
                    }

                    result.Store(planes + code * plane + pixel);
                }
            }
        }
        else if (Unpack.IsSupported)
        {
            // Pixels at which a whole block of codes can be read, the last ones twice.
            int readable = count < Block ? 0 : (count - Math.Max(codes, Block)) / codes + 1;
            for (; readable >= Pixels && pixel < readable; pixel += Pixels)
            {
                pixel = Math.Min(pixel, readable - Pixels);
                Transpose(row + (nint)pixel * codes, codes, planes + pixel, plane);
            }
        }

        for (nint at = (nint)pixel * codes; at < count; pixel++)
        {
            for (int code = 0; code < codes && at < count; code++, at++)
            {
                planes[code * plane + pixel] = row[at];
            }
        }
    }

    // 16 pixels, 8 codes at a time; the last ones twice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(byte* pixels, nint codes, byte* planes, nint plane)
    {
        int stored = (int)Math.Min(codes, Block);
        for (nint code = 0; code < codes; code += Block)
        {
            code = Math.Max(0, Math.Min(code, codes - Block));
            TransposeBlock(pixels + code, codes, planes + code * plane, plane, stored);
        }
    }

    // An unpack brings the highest bit of a pixel's number into the place of a byte, and the highest of a code's out of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(byte* pixels, nint step, byte* planes, nint plane, int stored)
    {
        Vector128<byte> a0 = Pair(pixels, step), a1 = Pair(pixels + step, step), a2 = Pair(pixels + 2 * step, step), a3 = Pair(pixels + 3 * step, step);
        pixels += 4 * step;
        Vector128<byte> a4 = Pair(pixels, step), a5 = Pair(pixels + step, step), a6 = Pair(pixels + 2 * step, step), a7 = Pair(pixels + 3 * step, step);
        Vector128<byte> b0 = Unpack.Low(a0, a4), b1 = Unpack.High(a0, a4), b2 = Unpack.Low(a1, a5), b3 = Unpack.High(a1, a5);
        Vector128<byte> b4 = Unpack.Low(a2, a6), b5 = Unpack.High(a2, a6), b6 = Unpack.Low(a3, a7), b7 = Unpack.High(a3, a7);
        a0 = Unpack.Low(b0, b4);
        a1 = Unpack.High(b0, b4);
        a2 = Unpack.Low(b1, b5);
        a3 = Unpack.High(b1, b5);
        a4 = Unpack.Low(b2, b6);
        a5 = Unpack.High(b2, b6);
        a6 = Unpack.Low(b3, b7);
        a7 = Unpack.High(b3, b7);
        Unpack.Low(a0, a4).Store(planes);
        Unpack.High(a0, a4).Store(planes + plane);
        Unpack.Low(a1, a5).Store(planes + 2 * plane);
        Unpack.High(a1, a5).Store(planes + 3 * plane);
        Unpack.Low(a2, a6).Store(planes + 4 * plane);
        if (stored > 5)
        {
            Unpack.High(a2, a6).Store(planes + 5 * plane);
        }

        if (stored > 6)
        {
            Unpack.Low(a3, a7).Store(planes + 6 * plane);
        }

        if (stored > 7)
        {
            Unpack.High(a3, a7).Store(planes + 7 * plane);
        }
    }

    // 8 codes of a pixel between those of the eighth behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pair(byte* pixel, nint step) => Unpack.Low(
        Vector128.CreateScalarUnsafe(*(ulong*)pixel).AsByte(),
        Vector128.CreateScalarUnsafe(*(ulong*)(pixel + 8 * step)).AsByte());

    private static Vector128<byte>[][] MakeOrders()
    {
        byte* order = stackalloc byte[16];
        var orders = new Vector128<byte>[MostShuffled][];
        for (int codes = 1; codes <= MostShuffled; codes++)
        {
            orders[codes - 1] = new Vector128<byte>[codes * codes];
            for (int i = 0; i < codes * codes; i++)
            {
                for (int pixel = 0; pixel < 16; pixel++)
                {
                    int place = pixel * codes + i / codes - i % codes * 16;
                    order[pixel] = place is >= 0 and < 16 ? (byte)place : byte.MaxValue;
                }

                orders[codes - 1][i] = Vector128.Load(order);
            }
        }

        return orders;
    }
}
