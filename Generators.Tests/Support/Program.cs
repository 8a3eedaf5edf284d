using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Packing;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// The test assembly as a program of its own: runs compiled layers over a suite on the instruction sets that the
/// environment leaves it. <see cref="ChildProcess"/> starts it; DOTNET_EnableAVX512 and its like count only from a
/// process's start.
/// </summary>
internal static class Program
{
    /// <summary>Environment variable that switches machine code off when it is 0.</summary>
    public const string NoMachineCode = "KERNELS_MachineCode";

    /// <summary>Environment variable that makes the runtime believe, when it is 1, that the system refuses executable memory.</summary>
    public const string Refusal = "KERNELS_RefuseMachineCode";

    /// <summary>Environment variable that names the form of weights for kernels whose dot step is a model of an instruction.</summary>
    public const string Model = "KERNELS_Model";

    /// <summary>The most threads of the runs that every case has; the work of a row counts as worth a thread.</summary>
    public static ReadOnlySpan<int> ThreadCounts => [1, 2, 3, 7];

    /// <summary>The best tier that generated kernels find in this process.</summary>
    public static string Tier =>
        MachineCode.Load([0xC3]).IsAvailable ? "Avx512Vnni"
        : AvxVnni.IsSupported ? "AvxVnni"
        : Avx512BW.IsSupported ? "Avx512"
        : Avx2.IsSupported ? "Avx2"
        : Dp.IsSupported ? "Dp"
        : AdvSimd.Arm64.IsSupported ? "AdvSimd"
        : Vector128.IsHardwareAccelerated ? "Vector128"
        : "Scalar";

    /// <summary>Prints the tier, the number of cases and what differs.</summary>
    /// <param name="arguments"><c>routines</c>; or <c>compile</c>, a path and a suite, whose layers go there; or <c>prepare</c> and the path of compiled layers; or the path, then <c>guarded</c> and a seed, or a suite.</param>
    /// <returns>The number of cases that differ.</returns>
    public static int Main(string[] arguments)
    {
        if (arguments is ["compile", string layers, .. string[] compiled])
        {
            ConformanceSuite.Compile(ConformanceSuite.Load(compiled), layers);
            return 0;
        }

        if (arguments is ["prepare", string kernels])
        {
            PreparedKernels.Prepare(Assembly.LoadFile(kernels));
            return 0;
        }

        // Not the runtime's own switch: AppContext reads those from files only.
        if (Environment.GetEnvironmentVariable(NoMachineCode) == "0")
        {
            AppContext.SetSwitch(MachineCode.Switch, false);
        }

        if (Environment.GetEnvironmentVariable(Model) is string form)
        {
            PackedConvolution.FormForTest = Enum.Parse<WeightForm>(form);
        }

        MachineCode.RefuseForTest = Environment.GetEnvironmentVariable(Refusal) == "1";
        int cases;
        IReadOnlyList<string> differences = arguments switch
        {
            ["routines"] => RoutineSuite.Run(out cases),
            [string path, "guarded", string seed] => GuardSuite.Run(Load(path), seed, out cases),
            [string path, .. string[] suite] => Run(Load(path), ConformanceSuite.Load(suite), out cases),
            _ => throw new ArgumentException("No such run.", nameof(arguments)),
        };

        int requests = ExecutableMemory.Requests;
        Console.WriteLine($"{Tier}: {cases} cases");
        Console.WriteLine($"Executable memory asked for {requests} times");
        foreach (string difference in differences.Take(20))
        {
            Console.WriteLine(difference);
        }

        return Math.Min(differences.Count, 100);
    }

    private static GeneratedLayers Load(string path) => new(Assembly.LoadFile(Path.GetFullPath(path)));

    private static List<string> Run(GeneratedLayers layers, IReadOnlyList<ConformanceCase> suite, out int cases)
    {
        cases = suite.Count;
        return [.. suite.Select((item, index) => Difference(layers, item, index)).OfType<string>()];
    }

    private static string? Difference(GeneratedLayers layers, ConformanceCase item, int index)
    {
        IQuantizedLayer layer = item.Fused is { } fused
            ? layers.Create(index, fused)
            : layers.Create(index, item.Case.Weight, item.Case.Bias, item.Case.Input.Quantization, item.Case.Output);
        Console.Error.WriteLine(GeneratedLayers.Info(layer));
        foreach (int threads in ThreadCounts)
        {
            using (KernelThreads.Limit(threads, workOfThread: 1))
            {
                byte[] actual = item.Fused is null ? layer.Forward(item.Case.Input).ToNchw() : item.Fused.Output(layer).ToNchw();
                int wrong = actual.Zip(item.ExpectedNchw).Count(pair => pair.First != pair.Second);
                if (actual.Length != item.ExpectedNchw.Length || wrong > 0)
                {
                    return $"{wrong} of {item.ExpectedNchw.Length} codes differ on {threads} threads: {item.Name}";
                }
            }
        }

        return null;
    }
}
