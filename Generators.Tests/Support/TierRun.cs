using System;
using System.IO;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>Runs a suite through generated kernels: compiled once here, run in a child process for each set of instructions.</summary>
internal sealed class TierRun : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"layers-{Guid.NewGuid():N}.dll");
    private readonly string[] _suite;

    /// <summary>Generates and compiles the layers of a suite.</summary>
    public TierRun(params string[] suite)
        : this(null, suite)
    {
    }

    /// <summary>The same with a model in place of an instruction; <see cref="Program.Model"/> must then name its form.</summary>
    public TierRun(InstructionModel? model, params string[] suite)
        : this(model, string.Empty, suite)
    {
    }

    private TierRun(InstructionModel? model, string more, string[] suite)
    {
        _suite = suite;
        ConformanceSuite.Compile(ConformanceSuite.Load(suite), _path, model, more);
    }

    /// <summary>The same in an assembly that is marked as a Debug build is: the JIT optimises none of its methods.</summary>
    public static TierRun OfDebugBuild(params string[] suite) => new(
        null,
        "[assembly: System.Diagnostics.Debuggable(System.Diagnostics.DebuggableAttribute.DebuggingModes.DisableOptimizations)]",
        suite);

    /// <summary>Runs the suite in a process where a switch is set to 0.</summary>
    /// <param name="disabled">As <see cref="Tiers.Disabled"/> names switches; empty for none.</param>
    /// <returns>What <see cref="Program"/> printed, and its exit code.</returns>
    public (string Output, int ExitCode) Run(string disabled) => Run([.. Tiers.Variables(disabled)]);

    /// <summary>Runs the suite in a process with other environment variables.</summary>
    public (string Output, int ExitCode) Run((string Name, string Value)[] variables) => ChildProcess.Run(variables, [_path, .. _suite]);

    /// <summary>Fails unless all cases of the suite, of which there are some, give the codes that they must on the tier that is then best.</summary>
    /// <param name="disabled">As in <see cref="Run(string)"/>.</param>
    public void AssertEqual(string disabled)
    {
        (string output, int differences) = Run(disabled);

        Assert.True(differences == 0, $"{string.Join(' ', _suite)}\n{output}");
        Assert.StartsWith(Tiers.Without(disabled) + ":", output);
        Assert.DoesNotContain(": 0 cases", output);
    }

    public void Dispose() => File.Delete(_path);
}
