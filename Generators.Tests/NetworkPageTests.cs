using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kernels.Generators.Tests.Support;
using Kernels.Models;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What the README, docs/networks.md and other pages show of networks compiles, runs and exists.</summary>
public partial class NetworkPageTests
{
    [Fact]
    public void The_READMEs_network_compiles_and_goes_from_weights_to_an_output()
    {
        string[] blocks = [.. Blocks().Matches(Page("README.md")).Select(static match => match.Groups[1].Value)];
        string network = blocks.Single(static block => block.Contains("partial class Detector", StringComparison.Ordinal));
        string use = blocks.Single(static block => block.Contains("new Detector(", StringComparison.Ordinal))
            .Replace("SafetensorsFile.Load(\"detector.safetensors\")", "weights", StringComparison.Ordinal)
            .Replace("\"detector.int8.safetensors\"", "path", StringComparison.Ordinal);
        string user = $$"""
            public static class User
            {
                public static FloatTensor Run(SafetensorsFile weights, FloatTensor[] batches, FloatTensor x, string path)
                {
                    {{use}}
                    _ = Detector.Load(path);
                    return y;
                }
            }
            """;
        SafetensorsFile weights = new StateDict(1).Conv("Stem", 16, 3, 3).Conv("gate.0", 16, 16, 1).Layer("Up", 1, 16, 1, 2, 2).File();
        FloatTensor x = StateDict.Batch(2, new Shape4(1, 3, 16, 16));
        string path = Path.Combine(Path.GetTempPath(), $"readme-{Guid.NewGuid():N}.safetensors");
        using CompiledLayers compiled = CompiledLayers.Compile(network + user);
        try
        {
            var y = (FloatTensor)compiled.Type("User").GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [weights, new[] { x }, x, path])!;

            Assert.Equal(new Shape4(1, 1, 16, 16), y.Shape);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_the_page_on_accuracy_shows_compiles()
    {
        string block = Assert.Single(Blocks().Matches(Page("accuracy.md"))).Groups[1].Value;
        using CompiledLayers compiled = CompiledLayers.Compile(block);

        Assert.NotNull(compiled.Type("Best").GetMethod("Int8", BindingFlags.Public | BindingFlags.Static));
    }

    [Fact]
    public void What_the_page_on_concepts_shows_compiles()
    {
        using CompiledLayers compiled = CompiledLayers.Compile(Assert.Single(Blocks().Matches(Page("concepts.md"))).Groups[1].Value);

        Assert.NotNull(compiled.Type("Codes"));
    }

    // The library of pictures is stood in for: the test has none.
    [Fact]
    public void What_getting_started_shows_compiles()
    {
        const string Usings = "global using System; global using System.IO;";
        const string Library = """
            namespace StbImageSharp
            {
                public enum ColorComponents { RedGreenBlue }
                public class ImageResult
                {
                    public int Width, Height;
                    public byte[] Data = [];
                    public static ImageResult FromMemory(byte[] data, ColorComponents components) => new() { Data = data, Width = (int)components };
                }
            }

            namespace StbImageWriteSharp
            {
                public enum ColorComponents { RedGreenBlue }
                public class ImageWriter
                {
                    public void WritePng(byte[] data, int width, int height, ColorComponents components, System.IO.Stream stream) => stream.Write(data, width, height + (int)components);
                }
            }
            """;
        string[] blocks = [.. Blocks().Matches(Page("getting-started.md")).Select(static match => match.Groups[1].Value)];

        GeneratorRun run = GeneratorHarness.Run(GeneratorHarness.Compile([Usings, Library, .. blocks], kind: OutputKind.ConsoleApplication));

        Assert.Equal(3, blocks.Length);
        Assert.Empty(run.AssertCompiles().Diagnostics);
    }

    [Fact]
    public void Links_between_the_pages_lead_to_files()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "docs");
        Assert.All(Directory.GetFiles(folder, "*.md"), page => Assert.All(
            Links().Matches(File.ReadAllText(page)).Select(static match => match.Groups[1].Value),
            link => Assert.True(File.Exists(Path.Combine(folder, link)), $"{Path.GetFileName(page)}: {link}")));
    }

    [Fact]
    public void The_table_of_functions_is_complete()
    {
        string page = Page("networks.md");
        string[] functions = [.. typeof(Functions).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(static method => method.Name).Distinct()];

        Assert.All(functions.Except(["RSub"]), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\]\((?:docs/)?([a-z-]+\.md)")]
    private static partial Regex Links();
}
