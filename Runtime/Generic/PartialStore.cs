using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Generic;

/// <summary>Stores for the last vector of a pixel, where the neighbouring bytes belong to another one.</summary>
internal static unsafe class PartialStore
{
    /// <summary>Stores the first <paramref name="count"/> bytes, 1 to 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> value, byte* output, int count)
    {
        ulong bits = value.AsUInt64().ToScalar();
        if ((count & 8) != 0)
        {
            *(ulong*)output = bits;
            output += 8;
            bits = value.AsUInt64().GetElement(1);
        }

        if ((count & 4) != 0)
        {
            *(uint*)output = (uint)bits;
            output += 4;
            bits >>= 32;
        }

        if ((count & 2) != 0)
        {
            *(ushort*)output = (ushort)bits;
            output += 2;
            bits >>= 16;
        }

        if ((count & 1) != 0)
        {
            *output = (byte)bits;
        }
    }

    /// <summary>Copies the first <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* values, float* output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            output[i] = values[i];
        }
    }
}
