using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kernels.Generators.Tests.Support;
using Kernels.Models;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What the README, docs/networks.md and docs/accuracy.md show of networks compiles, runs and exists.</summary>
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
    public void The_table_of_functions_is_complete()
    {
        string page = Page("networks.md");
        string[] functions = [.. typeof(Functions).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(static method => method.Name).Distinct()];

        Assert.All(functions.Except(["RSub"]), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
