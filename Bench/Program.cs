using System;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Bench.Peers;

const string Usage = """
    Usage: dotnet run -c Release --project Bench [-- COMMAND]

      (nothing)                                             BenchmarkDotNet over a few layers, with memory
      quick [--only a,b] [--shapes file.csv] [--csv path]   all layers of a list in under two minutes
            [--threads 2] [--known-size]                    also on so many threads, also generated for the input's size
            [--isa avx2]                                    without AVX-512, for oneDNN too
      plan SHAPE... [--shapes file.csv]                     what the planner makes of a layer
      regrets [--layers 200] [--seed 1] [--isa avx2]        random layers in every dataflow: what the planner's choice costs
      networks [--only a,b] [--onnx file --size 640x640]    whole networks, imported and compiled, against ONNX Runtime in float
               [--steps] [--qdq] [--isa avx2]               with a table of steps, with ONNX Runtime in int8; without AVX-512
               [--explain page.html]                        what was generated for each layer, with measured times
      first-run [--only a,b]                                loading, the first run and the next ones, each in a process of its own
      compile [--layers 100] [--shapes file.csv]            what layers cost their user's compiler: text and processor time
      upscale [--size 142]                                  the Upscale sample's network against ONNX Runtime in float
      observers                                             what observing adds to a float forward
      epilogue                                              what functions cost in a kernel's epilogue, and as passes behind it
    """;

try
{
    string command = args.Length == 0 ? "benchmark" : args[0];
    ReadOnlySpan<string> rest = args.Length == 0 ? [] : args.AsSpan(1);
    NativeLibraries.Register();
    SingleThread.Apply();
    switch (command)
    {
        case "quick":
            return LimitedProcess.Run(args, Options.Parse(rest, QuickCommand.KnownOptions), QuickCommand.Run);
        case "plan":
            PlanCommand.Run(Options.Parse(rest, PlanCommand.KnownOptions));
            return 0;
        case "regrets":
            return LimitedProcess.Run(args, Options.Parse(rest, RegretsCommand.KnownOptions), RegretsCommand.Run);
        case "networks":
            return LimitedProcess.Run(args, Options.Parse(rest, NetworksCommand.KnownOptions), NetworksCommand.Run);
        case "first-run":
            FirstRunCommand.Run(Options.Parse(rest, FirstRunCommand.KnownOptions));
            return 0;
        case "compile":
            CompileCommand.Run(Options.Parse(rest, CompileCommand.KnownOptions));
            return 0;
        case "upscale":
            UpscaleCommand.Run(Options.Parse(rest, UpscaleCommand.KnownOptions));
            return 0;
        case "observers":
            Options.Parse(rest);
            ObserversCommand.Run();
            return 0;
        case "epilogue":
            Options.Parse(rest);
            EpilogueCommand.Run();
            return 0;
        case "benchmark":
            BenchmarkDotNetCommand.Run();
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
