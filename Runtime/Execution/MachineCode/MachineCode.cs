using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>
/// The machine code of one generated kernel: tiles with 512-bit vpdpbusd, which .NET 10 has no intrinsic for.
/// Asked for once a kernel; where CPU, operating system or settings say no, the kernel runs its C# tiles instead.
/// </summary>
public sealed class MachineCode
{
    /// <summary>AppContext switch; false means that executable memory is never asked for.</summary>
    public const string Switch = "Kernels.MachineCode";

    private readonly nint _address;

    private MachineCode(nint address, string refusal)
    {
        _address = address;
        Refusal = refusal;
    }

    /// <summary>Whether the code can be called.</summary>
    public bool IsAvailable => _address != 0;

    /// <summary>Why the code cannot be called; empty when it can.</summary>
    public string Refusal { get; }

    /// <summary>The switch. A trimmer that is told its value leaves out what then cannot run.</summary>
    [FeatureSwitchDefinition(Switch)]
    internal static bool IsEnabled => !AppContext.TryGetSwitch(Switch, out bool enabled) || enabled;

    /// <summary>A test's way to see what happens when the system refuses.</summary>
    internal static bool RefuseForTest { get; set; }

    /// <summary>A test's code: it is available, and the test's texts have a model of the processor where they would call it.</summary>
    internal static MachineCode Modelled() => new(1, string.Empty);

    /// <summary>What a kernel has that was generated without machine code.</summary>
    /// <param name="reason">Why it was.</param>
    /// <returns>Code that is not available.</returns>
    public static MachineCode None(string reason) => new(0, reason);

    /// <summary>Maps the code of a kernel.</summary>
    /// <param name="routines">Its bytes in Base64; white space does not count.</param>
    /// <param name="permutesBytes">Whether it also needs AVX-512 VBMI: Ice Lake has it, Cascade Lake does not.</param>
    /// <returns>The code, available or with the reason why it is not.</returns>
    public static MachineCode Load(string routines, bool permutesBytes = false) =>
        Refused(permutesBytes) ?? Map(System.Convert.FromBase64String(routines));

    /// <inheritdoc cref="Load(string, bool)"/>
    /// <param name="code">System V entry points, each followed 3 bytes later by the Windows one.</param>
    /// <param name="permutesBytes">Whether it also needs AVX-512 VBMI.</param>
    public static MachineCode Load(ReadOnlySpan<byte> code, bool permutesBytes = false) => Refused(permutesBytes) ?? Map(code);

    /// <summary>Address of a routine for this system's calling convention.</summary>
    /// <param name="offset">Offset of its System V entry point.</param>
    /// <returns>The address.</returns>
    public nint Entry(int offset) => _address + offset + (OperatingSystem.IsWindows() ? 3 : 0);

    private static MachineCode? Refused(bool permutesBytes)
    {
        string refusal = IsEnabled ? Unsupported(permutesBytes) : $"switched off by {Switch}";
        return refusal.Length > 0 ? None(refusal) : null;
    }

    private static MachineCode Map(ReadOnlySpan<byte> code) => new(ExecutableMemory.Map(code, out string refusal), refusal);

    private static string Unsupported(bool permutesBytes)
    {
        if (RefuseForTest)
        {
            return "refused by a test";
        }

        // Avx512BW.IsSupported tells that CPU and operating system agree on 512-bit state; VNNI is CPUID 7.0 ECX bit 11.
        return RuntimeInformation.ProcessArchitecture != Architecture.X64 || !Avx512BW.IsSupported ? "no AVX-512"
            : (X86Base.CpuId(7, 0).Ecx & (1 << 11)) == 0 ? "no AVX-512 VNNI"
            : permutesBytes && !Avx512Vbmi.IsSupported ? "no AVX-512 VBMI"
            : string.Empty;
    }
}
