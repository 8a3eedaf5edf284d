using System.CommandLine;
using System.Threading.Tasks;
using Kernels.Tool.Commands;

namespace Kernels.Tool;

/// <summary>The command <c>kernels</c>.</summary>
internal static class Program
{
    /// <summary>Runs a command.</summary>
    /// <returns>0; 1 when the command cannot be done, with one message; 2 when the command line is wrong.</returns>
    public static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Int8 networks for .NET from ONNX files: look at one, import it as C# source, quantize it without compiling anything, export it for other runtimes.")
        {
            InspectCommand.Create(),
            ImportCommand.Create(),
            QuantizeCommand.Create(),
            CompareCommand.Create(),
            ExplainCommand.Create(),
            ExportCommand.Create(),
        };
        ParseResult result = root.Parse(args);
        return result.Errors.Count > 0 ? InvokeWrong(result) : result.InvokeAsync();
    }

    private static async Task<int> InvokeWrong(ParseResult result)
    {
        await result.InvokeAsync().ConfigureAwait(false);
        return 2;
    }
}
