using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Kernels.Fuzz;

/// <summary>This program started again, in a process that may die.</summary>
internal static class Worker
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="patience">How long it may go without writing progress, or in all.</param>
    /// <param name="progress">The file that it writes progress to; null for none.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed, and its exit code; -1 when it hung.</returns>
    public static (string Output, int ExitCode) Run(TimeSpan patience, string? progress, params string[] arguments) => Run([], patience, progress, arguments);

    /// <summary>The same with environment variables.</summary>
    public static (string Output, int ExitCode) Run(IReadOnlyList<(string Name, string Value)> variables, TimeSpan patience, string? progress, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        DateTime last = DateTime.UtcNow;
        byte[] before = [];
        while (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            byte[] now = progress is not null && File.Exists(progress) ? File.ReadAllBytes(progress) : before;
            if (!now.AsSpan().SequenceEqual(before))
            {
                (before, last) = (now, DateTime.UtcNow);
            }

            if (DateTime.UtcNow - last > patience)
            {
                process.Kill();
                process.WaitForExit();
                return (output.Result + error.Result, -1);
            }
        }

        process.WaitForExit();
        return (output.Result + error.Result, process.ExitCode);
    }
}
