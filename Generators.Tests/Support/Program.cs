using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// The test assembly as a program of its own: runs compiled layers over a suite on the instruction sets that the
/// environment leaves it. <see cref="TierRun"/> starts it; DOTNET_EnableAVX512 and its like count only from a
/// process's start.
/// </summary>
internal static class Program
{
    /// <summary>Environment variable that switches machine code off when it is 0.</summary>
    public const string NoMachineCode = "KERNELS_MachineCode";

    /// <summary>The best tier that generated kernels find in this process.</summary>
    public static string Tier =>
        MachineCode.Load([0xC3]).IsAvailable ? "Avx512Vnni" : Avx512BW.IsSupported ? "Avx512" : Avx2.IsSupported ? "Avx2" : Vector128.IsHardwareAccelerated ? "Vector128" : "Scalar";

    /// <summary>Prints the tier, the number of cases and what differs.</summary>
    /// <param name="arguments">Path of the compiled layers, then the suite.</param>
    /// <returns>The number of cases that differ.</returns>
    public static int Main(string[] arguments)
    {
        // Not the runtime's own switch: AppContext reads those from files only.
        if (Environment.GetEnvironmentVariable(NoMachineCode) == "0")
        {
            AppContext.SetSwitch(MachineCode.Switch, false);
        }

        var layers = new GeneratedLayers(Assembly.LoadFile(Path.GetFullPath(arguments[0])));
        IReadOnlyList<ConformanceCase> cases = ConformanceSuite.Load(arguments.AsSpan(1));
        string[] differences = [.. cases.Select((item, index) => Difference(layers, item, index)).OfType<string>()];
        Console.WriteLine($"{Tier}: {cases.Count} cases");
        foreach (string difference in differences.Take(20))
        {
            Console.WriteLine(difference);
        }

        return differences.Length;
    }

    private static string? Difference(GeneratedLayers layers, ConformanceCase item, int index)
    {
        IQuantizedLayer layer = layers.Create(index, item.Case.Weight, item.Case.Bias, item.Case.Input.Quantization, item.Case.Output);
        byte[] actual = layer.Forward(item.Case.Input).ToNchw();
        int wrong = actual.Zip(item.ExpectedNchw).Count(pair => pair.First != pair.Second);
        return actual.Length == item.ExpectedNchw.Length && wrong == 0 ? null : $"{wrong} of {item.ExpectedNchw.Length} codes differ: {item.Name}";
    }
}
