using System;
using Kernels.Execution;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>
/// Kernels whose machine code may not run: the same bytes from C#, and a reason. The system's refusal is simulated, since a process
/// that really may not make memory executable has no just-in-time compiler either.
/// </summary>
public class MachineCodeRefusalTests : IClassFixture<MachineCodeRefusalTests.Compiled>
{
    private readonly Compiled _compiled;

    public MachineCodeRefusalTests(Compiled compiled) => _compiled = compiled;

    [Fact]
    public void A_kernel_that_is_refused_executable_memory_gives_the_same_bytes()
    {
        (string output, int exitCode) = _compiled.Layers.Run([(Program.Refusal, "1")]);

        Assert.True(exitCode == 0, output);
        Assert.StartsWith(Tiers.Without(Program.NoMachineCode) + ":", output);
        Assert.Contains("MachineCodeRefusal = refused by a test", output);
    }

    [Fact]
    public void A_kernel_switched_off_by_AppContext_never_asks_for_executable_memory()
    {
        (string output, int exitCode) = _compiled.Layers.Run([(Program.NoMachineCode, "0")]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Executable memory asked for 0 times", output);
        Assert.Contains($"MachineCodeRefusal = switched off by {MachineCode.Switch}", output);
    }

    [MachineCodeFact]
    public void A_kernel_that_may_run_machine_code_does()
    {
        (string output, int exitCode) = _compiled.Layers.Run([]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Tier = Avx512Vnni", output);
        Assert.DoesNotContain("Executable memory asked for 0 times", output);
    }

    /// <summary>Layers of random specs, compiled once for all processes.</summary>
    public sealed class Compiled : IDisposable
    {
        internal TierRun Layers { get; } = new("random", "3", "6");

        public void Dispose() => Layers.Dispose();
    }
}
