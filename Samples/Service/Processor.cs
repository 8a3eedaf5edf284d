using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Samples.Service;

/// <summary>The processor in a few words.</summary>
internal static class Processor
{
    public static string Name { get; } = $"{RuntimeInformation.ProcessArchitecture} {Extension()}".TrimEnd();

    private static string Extension() =>
        Avx512BW.IsSupported ? "AVX-512"
        : AvxVnni.IsSupported ? "AVX-VNNI"
        : Avx2.IsSupported ? "AVX2"
        : Dp.IsSupported ? "dot product"
        : "";
}
