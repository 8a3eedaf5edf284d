using System;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Bench.Peers;

const string Usage = """
    Usage: dotnet run -c Release --project Bench [-- COMMAND]

      quick [--only a,b] [--shapes file.csv] [--csv path]   all layers of a list in under two minutes
      plan SHAPE... [--shapes file.csv]                     what the planner makes of a layer
    """;

try
{
    string command = args.Length == 0 ? "help" : args[0];
    ReadOnlySpan<string> rest = args.Length == 0 ? [] : args.AsSpan(1);
    NativeLibraries.Register();
    SingleThread.Apply();
    switch (command)
    {
        case "quick":
            QuickCommand.Run(Options.Parse(rest, QuickCommand.KnownOptions));
            return 0;
        case "plan":
            PlanCommand.Run(Options.Parse(rest, PlanCommand.KnownOptions));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return command is "help" or "--help" or "-h" ? 0 : 2;
    }
}
catch (BenchException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
