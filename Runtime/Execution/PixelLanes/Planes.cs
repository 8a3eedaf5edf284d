using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Rows of pixels taken apart into a plane for each code of a pixel.</summary>
internal static unsafe class Planes
{
    // Codes of a pixel that shuffles of whole vectors take apart.
    private const int MostShuffled = 4;

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

        for (nint at = (nint)pixel * codes; at < count; pixel++)
        {
            for (int code = 0; code < codes && at < count; code++, at++)
            {
                planes[code * plane + pixel] = row[at];
            }
        }
    }

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
