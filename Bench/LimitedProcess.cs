using System;
using System.Diagnostics;

namespace Kernels.Bench;

/// <summary>
/// The program again, in a process whose instruction sets are limited: what the runtime and oneDNN may use is settled when a process
/// starts. XNNPACK, ONNX Runtime and OpenCV cannot be limited.
/// </summary>
internal static class LimitedProcess
{
    /// <summary>The option.</summary>
    public const string Option = "--isa";

    // oneDNN has read the second name since version 3, the first one before.
    private static readonly (string Name, string Value)[] Avx2 =
        [("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVXVNNI", "0"), ("DNNL_MAX_CPU_ISA", "AVX2"), ("ONEDNN_MAX_CPU_ISA", "AVX2")];

    private const string Marker = "KERNELS_BENCH_ISA";

    /// <summary>What this process is limited to; nothing when it is not.</summary>
    public static string? Isa => Environment.GetEnvironmentVariable(Marker);

    /// <summary>Runs a command, in a limited process when that is asked for and this process is not limited yet.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="options">What they mean.</param>
    /// <param name="command">The command.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Options options, Action<Options> command)
    {
        if (options[Option] is not string isa || Isa is not null)
        {
            command(options);
            return 0;
        }

        if (isa != "avx2")
        {
            throw new BenchException($"{Option} is avx2.");
        }

        ProcessStartInfo start = OwnProgram.With(arguments);
        foreach ((string name, string value) in Avx2)
        {
            start.Environment[name] = value;
        }

        start.Environment[Marker] = isa;
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
