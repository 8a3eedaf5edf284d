using System;
using System.Globalization;
using System.IO;
using System.Reflection;

namespace Kernels.Fuzz.Layers;

/// <summary>The process that runs compiled layers on the instruction sets that its environment leaves it.</summary>
internal static class SpecWorker
{
    public const string Command = "spec-worker";

    /// <summary>Arguments: the assembly, the seed, the first case, cases.</summary>
    public static int Run(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(SpecFuzz.NoMachineCode) == "0")
        {
            AppContext.SetSwitch(Execution.MachineCode.Switch, false);
        }

        Assembly assembly = Assembly.LoadFile(Path.GetFullPath(arguments[0]));
        int[] numbers = Array.ConvertAll(arguments[1..], static text => int.Parse(text, CultureInfo.InvariantCulture));
        long codes = 0;
        for (int i = 0; i < numbers[2]; i++)
        {
            var item = new SpecCase(numbers[0], numbers[1] + i);
            int wrong = item.Differences(assembly, i);
            codes += item.Count;
            if (wrong > 0)
            {
                Console.WriteLine($"{SpecFuzz.Failure}{wrong} of {item.Count} codes, case {numbers[1] + i}: {item.Numbers}");
            }
        }

        Console.WriteLine($"{SpecFuzz.Codes}{codes}");
        return 0;
    }
}
