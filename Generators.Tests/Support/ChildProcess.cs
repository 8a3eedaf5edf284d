using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Kernels.Generators.Tests.Support;

/// <summary>Starts <see cref="Program"/> in a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="variables">Environment variables to set; those without a name are left out.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed, errors last, and its exit code.</returns>
    public static (string Output, int ExitCode) Run(IEnumerable<(string Name, string Value)> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            if (name.Length > 0)
            {
                start.Environment[name] = value;
            }
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + error.Result, process.ExitCode);
    }
}
