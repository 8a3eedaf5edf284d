using System;
using System.Linq;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Kernels.Shared;

namespace Kernels.Packing;

/// <summary>The ladder of tiers on this CPU.</summary>
internal static class Ladder
{
    /// <summary>The form of byte weights on the best tier that has one; null where none has.</summary>
    public static WeightForm? ByteForm() =>
        TierLadder.Rungs.FirstOrDefault(static rung => rung.Form is not null && IsSupported(rung.Guard))?.Form is string form ? Enum.Parse<WeightForm>(form) : null;

    /// <summary>Name of the tier where kernels with weights of a form end.</summary>
    public static string TierOf(WeightForm form) => RungOf(form)?.Name ?? TierLadder.Scalar;

    /// <summary>Bytes of the vectors on which kernels with weights of a form run; the scalar tier reads what is packed for the shortest.</summary>
    public static int VectorBytes(WeightForm form) => RungOf(form)?.Text switch
    {
        "Avx512" => 64,
        "Avx2" => 32,
        _ => 16,
    };

    // A form that no instruction of this CPU multiplies is a test's, whose kernels have a model of one.
    private static TierRung? RungOf(WeightForm form)
    {
        string? name = form == WeightForm.Words ? null : form.ToString();
        TierRung[] rungs = [.. TierLadder.Rungs.Where(rung => rung.Form == name)];
        return rungs.FirstOrDefault(static rung => IsSupported(rung.Guard)) ?? (name is null ? null : rungs[0]);
    }

    private static bool IsSupported(string guard) => guard switch
    {
        "AvxVnni.IsSupported" => AvxVnni.IsSupported,
        "Avx512BW.IsSupported" => Avx512BW.IsSupported,
        "Avx2.IsSupported" => Avx2.IsSupported,
        "Dp.IsSupported" => Dp.IsSupported,
        "AdvSimd.Arm64.IsSupported" => AdvSimd.Arm64.IsSupported,
        "Vector128.IsHardwareAccelerated" => Vector128.IsHardwareAccelerated,
        _ => throw new ArgumentOutOfRangeException(nameof(guard)),
    };
}
