using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Kernels.Generators.Tests.Support;

/// <summary>Runs a suite through generated kernels: compiled once here, run in a child process for each set of instructions.</summary>
internal sealed class TierRun : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"layers-{Guid.NewGuid():N}.dll");
    private readonly string[] _suite;

    /// <summary>Generates and compiles the layers of a suite.</summary>
    public TierRun(params string[] suite)
    {
        _suite = suite;
        GeneratedLayers.Compile([.. ConformanceSuite.Load(suite).Select(item => item.Attribute)], _path);
    }

    /// <summary>Runs the suite in a process where a switch is set to 0.</summary>
    /// <param name="disabled">An environment variable of the runtime, for example DOTNET_EnableAVX2; empty for none.</param>
    /// <returns>What <see cref="Program"/> printed, and its exit code.</returns>
    public (string Output, int ExitCode) Run(string disabled)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TierRun).Assembly.Location, _path, .. _suite])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (disabled.Length > 0)
        {
            start.Environment[disabled] = "0";
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + error.Result, process.ExitCode);
    }

    public void Dispose() => File.Delete(_path);
}
