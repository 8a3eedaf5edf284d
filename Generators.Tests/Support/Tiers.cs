using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>The runtime switches that leave a process a lower tier, and the tier that then runs. Several at once are joined by a plus.</summary>
internal static class Tiers
{
    private const string NoAvxVnni = "+DOTNET_EnableAVXVNNI";

    /// <summary>Nothing, then the switches from the highest tier down. AVX-VNNI stands above the tiers of C# that do without it.</summary>
    public static TheoryData<string> Disabled =>
    [
        "", Program.NoMachineCode, "DOTNET_EnableAVX512",
        .. AvxVnni.IsSupported ? [Program.NoMachineCode + NoAvxVnni, "DOTNET_EnableAVX512" + NoAvxVnni] : Array.Empty<string>(),
        "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic",
    ];

    /// <summary>The environment variables of switches.</summary>
    public static IEnumerable<(string Name, string Value)> Variables(string disabled) => disabled.Split('+').Select(static name => (name, "0"));

    /// <summary>The tier of a process without an instruction set.</summary>
    public static string Without(string disabled) => disabled switch
    {
        "DOTNET_EnableHWIntrinsic" => "Scalar",
        "DOTNET_EnableAVX2" => "Vector128",
        Program.NoMachineCode or "DOTNET_EnableAVX512" when AvxVnni.IsSupported => "AvxVnni",
        "DOTNET_EnableAVX512" or "DOTNET_EnableAVX512" + NoAvxVnni when Avx2.IsSupported => "Avx2",
        Program.NoMachineCode or Program.NoMachineCode + NoAvxVnni when Avx512BW.IsSupported => "Avx512",
        _ => Program.Tier,
    };
}
