using System.IO;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Kernels.Tool.Tests;

/// <summary>Imported source, compiled with what the generator makes of it.</summary>
internal static class CompiledSource
{
    /// <summary>The assembly. Fails where the source does not compile, or a network is not compiled as a whole.</summary>
    public static MemoryStream Of(string[] sources)
    {
        var image = new MemoryStream();
        GeneratorRun run = GeneratorHarness.Run(sources).AssertCompiles();
        EmitResult result = run.Output.Emit(image);
        Assert.DoesNotContain(run.Diagnostics, static diagnostic => diagnostic.Id == "KRN033");
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return image;
    }
}
