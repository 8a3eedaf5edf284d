using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>The runtime switches that leave a process a lower tier, and the tier that then runs.</summary>
internal static class Tiers
{
    /// <summary>Nothing, then the switches from the highest tier down.</summary>
    public static TheoryData<string> Disabled => ["", Program.NoMachineCode, "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>The tier of a process without an instruction set.</summary>
    public static string Without(string disabled) => disabled switch
    {
        "DOTNET_EnableHWIntrinsic" => "Scalar",
        "DOTNET_EnableAVX2" => "Vector128",
        "DOTNET_EnableAVX512" when Avx2.IsSupported => "Avx2",
        Program.NoMachineCode when Avx512BW.IsSupported => "Avx512",
        _ => Program.Tier,
    };
}
