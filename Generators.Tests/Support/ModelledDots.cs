using System.Runtime.Intrinsics;
using Kernels.Execution;

namespace Kernels.Generators.Tests.Support;

/// <summary>vpdpbusd by its definition: unsigned x signed bytes, 4 products added to an int32, no saturation.</summary>
public readonly struct ModelledVpdpbusd : IDot256
{
    /// <inheritdoc/>
    public static int ChannelBytes => 1;

    /// <inheritdoc/>
    public static Vector256<int> Step(Vector256<int> sum, Vector256<int> x, Vector256<int> w)
    {
        for (int i = 0; i < 4; i++)
        {
            sum += ((x >>> (8 * i)) & Vector256.Create(255)) * ((w << (24 - 8 * i)) >> 24);
        }

        return sum;
    }
}

/// <summary>sdot by its definition: signed x signed bytes, 4 products added to an int32.</summary>
public readonly struct ModelledSdot : IDot128
{
    /// <inheritdoc/>
    public static int ChannelBytes => 1;

    /// <inheritdoc/>
    public static Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w) =>
        sum + Product(x, w, 0) + Product(x, w, 1) + Product(x, w, 2) + Product(x, w, 3);

    /// <summary>Product of the signed bytes that stand at a place of each lane.</summary>
    internal static Vector128<int> Product(Vector128<int> x, Vector128<int> w, int place) => ((x << (24 - 8 * place)) >> 24) * ((w << (24 - 8 * place)) >> 24);
}

/// <summary>smull, addp and sadalp by their definitions: two products of signed bytes are added modulo 2^16, then two sums to an int32.</summary>
public readonly struct ModelledSmull : IDot128
{
    /// <inheritdoc/>
    public static int ChannelBytes => 1;

    /// <inheritdoc/>
    public static Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w) => sum + Pair(x, w, 0) + Pair(x, w, 2);

    private static Vector128<int> Pair(Vector128<int> x, Vector128<int> w, int first) =>
        ((ModelledSdot.Product(x, w, first) + ModelledSdot.Product(x, w, first + 1)) << 16) >> 16;
}
