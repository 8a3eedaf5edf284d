using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>Regroups pixels for PixelLanes kernels on AVX-512: 16 pixels x 16 channels at a time, 4 vectors in and 4 out.</summary>
internal static unsafe class WideTransposition
{
    /// <summary>Pixels of a step.</summary>
    public const int Pixels = 16;

    /// <summary>Whether the CPU can.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Regroups pixels. Reads 16 bytes of each, whatever the number of units.</summary>
    /// <param name="pixel">First of 16 channels of the first pixel.</param>
    /// <param name="stride">Bytes from one pixel to the next.</param>
    /// <param name="planes">Receives the first unit of 4 channels, pixel by pixel.</param>
    /// <param name="plane">Bytes from one unit to the next.</param>
    /// <param name="units">Units to store: 1 to 4.</param>
    /// <param name="count">Pixels, a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* pixel, nint stride, byte* planes, nint plane, int units, int count)
    {
        for (int x = 0; x < count; x += Pixels, pixel += Pixels * stride, planes += Pixels * 4)
        {
            // Lane l of vector i is pixel 4l + i, so that transposing 4x4 units inside lanes leaves pixels in order.
            Vector512<uint> a = Gather(pixel, 4 * stride);
            Vector512<uint> b = Gather(pixel + stride, 4 * stride);
            Vector512<uint> c = Gather(pixel + 2 * stride, 4 * stride);
            Vector512<uint> d = Gather(pixel + 3 * stride, 4 * stride);
            Vector512<ulong> ab = Avx512F.UnpackLow(a, b).AsUInt64();
            Vector512<ulong> cd = Avx512F.UnpackLow(c, d).AsUInt64();
            Avx512F.UnpackLow(ab, cd).Store((ulong*)planes);
            if (units > 1)
            {
                Avx512F.UnpackHigh(ab, cd).Store((ulong*)(planes + plane));
            }

            if (units > 2)
            {
                ab = Avx512F.UnpackHigh(a, b).AsUInt64();
                cd = Avx512F.UnpackHigh(c, d).AsUInt64();
                Avx512F.UnpackLow(ab, cd).Store((ulong*)(planes + 2 * plane));
                if (units > 3)
                {
                    Avx512F.UnpackHigh(ab, cd).Store((ulong*)(planes + 3 * plane));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Gather(byte* pixel, nint step)
    {
        Vector512<uint> lanes = Vector128.Load((uint*)pixel).ToVector256Unsafe().ToVector512Unsafe();
        lanes = Avx512F.InsertVector128(lanes, Vector128.Load((uint*)(pixel + step)), 1);
        lanes = Avx512F.InsertVector128(lanes, Vector128.Load((uint*)(pixel + 2 * step)), 2);
        return Avx512F.InsertVector128(lanes, Vector128.Load((uint*)(pixel + 3 * step)), 3);
    }
}
