using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kernels.Bench;

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo With(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
    }

    /// <summary>Starts it, and reads the numbers in the last line that it prints.</summary>
    /// <param name="count">How many there must be.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="BenchException">It failed, or printed something else.</exception>
    public static double[] Numbers(int count, params string[] arguments)
    {
        ProcessStartInfo start = With(arguments);
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string[] numbers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("").Split(' ');
        return process.ExitCode == 0 && numbers.Length == count
            ? Array.ConvertAll(numbers, static number => double.Parse(number, CultureInfo.InvariantCulture))
            : throw new BenchException($"The process '{string.Join(' ', arguments)}' failed: {output}");
    }
}
