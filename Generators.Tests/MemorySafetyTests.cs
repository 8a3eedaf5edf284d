using System;
using System.Globalization;
using System.IO;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Kernels between guard pages: an access outside a buffer ends the child process, whose last error line names the case.</summary>
public class MemorySafetyTests : IClassFixture<MemorySafetyTests.Compiled>
{
    private readonly Compiled _compiled;

    public MemorySafetyTests(Compiled compiled) => _compiled = compiled;

    [UnixTheory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Kernels_touch_nothing_outside_input_output_weights_and_scratch_without(string disabled)
    {
        (string output, int exitCode) = ChildProcess.Run(Tiers.Variables(disabled), _compiled.Path, "guarded", Compiled.Seed);

        Assert.True(exitCode == 0, $"Seed {Compiled.Seed}, exit code {exitCode}\n{End(output)}");
        Assert.StartsWith(Tiers.Without(disabled) + ":", output);
    }

    [UnixFact]
    public void Machine_code_computes_the_plain_formula_and_touches_nothing_outside_what_its_call_names()
    {
        // On a CPU without AVX-512 VNNI its instructions are interpreted.
        (string output, int exitCode) = ChildProcess.Run([], "routines");

        Assert.True(exitCode == 0, $"Exit code {exitCode}\n{End(output)}");
        Assert.DoesNotContain(": 0 cases", output);
    }

    private static string End(string output) => output[Math.Max(0, output.Length - 4000)..];

    /// <summary>The layers, compiled once for all tiers.</summary>
    public sealed class Compiled : IDisposable
    {
        public Compiled() => GeneratedLayers.Compile(GuardSuite.Specs(Seed), Path);

        // New seeds every day, the same ones all day: a failure names its seed and can be looked at.
        internal static string Seed { get; } = DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

        internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"layers-{Guid.NewGuid():N}.dll");

        public void Dispose() => File.Delete(Path);
    }
}
