namespace Kernels.Packing;

/// <summary>What a packed layer runs on in this process.</summary>
/// <param name="Tier">Avx512Vnni (machine code), AvxVnni, Avx512 or Avx2; on Arm64 Dp or AdvSimd; Vector128 or Scalar elsewhere.</param>
/// <param name="Form">How its weights are multiplied.</param>
/// <param name="MachineCodeRefusal">Why it does not run on machine code; empty when it does.</param>
public sealed record KernelInfo(string Tier, WeightForm Form, string MachineCodeRefusal)
{
    internal static KernelInfo Of(PackedConvolution packed)
    {
        string refusal = packed.UsesMachineCode ? string.Empty
            : packed.Code.IsAvailable ? "weights less their zero point do not fit bytes"
            : packed.Code.Refusal;
        return new KernelInfo(packed.UsesMachineCode ? Shared.TierLadder.MachineCode : Ladder.TierOf(packed.Form), packed.Form, refusal);
    }
}
