using System;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Generic;

/// <summary>The vector widths that the generic kernels are written for. All give the same results.</summary>
internal enum LaneTier
{
    /// <summary>One lane, no vector instructions.</summary>
    Scalar,

    /// <summary>4 lanes: SSE or Arm AdvSimd.</summary>
    Vector128,

    /// <summary>8 lanes: AVX2.</summary>
    Vector256,

    /// <summary>16 lanes: AVX-512 BW.</summary>
    Vector512,
}

/// <summary>Choice of the vector width.</summary>
internal static class LaneTiers
{
    /// <summary>The widest tier of this CPU.</summary>
    public static LaneTier Best =>
        IsSupported(LaneTier.Vector512) ? LaneTier.Vector512
        : IsSupported(LaneTier.Vector256) ? LaneTier.Vector256
        : IsSupported(LaneTier.Vector128) ? LaneTier.Vector128
        : LaneTier.Scalar;

    /// <summary>The best tier for a layer: no wider than its channels need, since narrow vectors run on more ports.</summary>
    /// <param name="channels">Channels that share a vector: output channels of a group, or all when depthwise.</param>
    public static LaneTier For(int channels)
    {
        LaneTier tier = Best;
        while (tier > LaneTier.Vector128 && Lanes(tier - 1) >= channels)
        {
            tier--;
        }

        return tier;
    }

    /// <summary>Whether this CPU has the instructions of a tier.</summary>
    public static bool IsSupported(LaneTier tier) => tier switch
    {
        LaneTier.Vector512 => Avx512BW.IsSupported,
        LaneTier.Vector256 => Avx2.IsSupported && Fma.IsSupported,
        LaneTier.Vector128 => Vector128.IsHardwareAccelerated,
        LaneTier.Scalar => true,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Unknown tier."),
    };

    /// <summary>Lanes of 32 bits in a vector.</summary>
    public static int Lanes(LaneTier tier) => tier switch
    {
        LaneTier.Vector512 => 16,
        LaneTier.Vector256 => 8,
        LaneTier.Vector128 => 4,
        _ => 1,
    };
}
