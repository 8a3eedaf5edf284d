using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Packing;

/// <summary>What a packed layer runs on in this process.</summary>
/// <param name="Tier">Avx512Vnni (machine code), Avx512, Avx2, Vector128 or Scalar.</param>
/// <param name="Form">How its weights are multiplied.</param>
/// <param name="MachineCodeRefusal">Why it does not run on machine code; empty when it does.</param>
public sealed record KernelInfo(string Tier, WeightForm Form, string MachineCodeRefusal)
{
    internal static KernelInfo Of(PackedConvolution packed)
    {
        string refusal = packed.UsesMachineCode ? string.Empty
            : !packed.Code.IsAvailable ? packed.Code.Refusal
            : packed.Form == WeightForm.Words ? "weights less their zero point do not fit bytes"
            : "values before the last clamp could leave int32";
        string tier = packed.UsesMachineCode ? "Avx512Vnni"
            : Avx512BW.IsSupported ? "Avx512"
            : Avx2.IsSupported ? "Avx2"
            : Vector128.IsHardwareAccelerated ? "Vector128"
            : "Scalar";
        return new KernelInfo(tier, packed.Form, refusal);
    }
}
