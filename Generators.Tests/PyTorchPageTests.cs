using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kernels.Accuracy;
using Kernels.Generators.Tests.Support;
using Kernels.Models;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What docs/pytorch.md shows and names exists and works: its C# is taken from the page.</summary>
public partial class PyTorchPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "pytorch.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_example_runs_from_a_file_of_weights_to_an_image()
    {
        var random = new Random(1);
        var writer = new SafetensorsWriter();
        writer.Add("0.weight", [16, 3, 3, 3], Floats(random, 432));
        writer.Add("0.bias", [16], Floats(random, 16));
        writer.Add("2.weight", [16, 3, 3, 3], Floats(random, 432));
        writer.Add("2.bias", [3], Floats(random, 3));
        var shape = new Shape4(1, 3, 32, 32);

        FloatTensor output = RunExample(Parse(writer), [Tensor(random, shape), Tensor(random, shape)], Tensor(random, shape));

        Assert.Equal(shape, output.Shape);
        Assert.True(output.Data.ToArray().Distinct().Count() > 50);
    }

    [Fact]
    public void The_example_gives_PyTorchs_output_for_the_Golden_model_of_its_shape()
    {
        foreach (GoldenCase golden in GoldenFile.Load("example_model"))
        {
            // The page has the default configuration and stride 1.
            if (golden.Int("stride") != 1 || golden.Text("activation_observer") != "histogram" || !golden.Bool("reduce_range"))
            {
                continue;
            }

            var writer = new SafetensorsWriter();
            foreach ((string name, string tensor) in (ReadOnlySpan<(string, string)>)[("0.weight", "conv1_weight"), ("0.bias", "conv1_bias"), ("2.weight", "convt_weight"), ("2.bias", "convt_bias")])
            {
                writer.Add(name, golden.Tensor(tensor).Shape.ToArray(), golden.Tensor(tensor).ToSingles());
            }

            SafetensorsTensor calibration = golden.Tensor("calibration");
            Shape4 shape = new(calibration.Shape[1], calibration.Shape[2], calibration.Shape[3], calibration.Shape[4]);
            FloatTensor[] batches = [.. calibration.ToSingles().Chunk(shape.Count).Select(batch => FloatTensor.FromNchw(shape, batch))];
            FloatTensor x = FloatTensor.FromNchw(shape, golden.Tensor("input").ToSingles());

            float[] output = RunExample(Parse(writer), batches, x).ToNchw();

            // Scales of histograms may differ by 1 % (see the data's README), so codes may by some steps.
            float[] expected = golden.Tensor("output").ToSingles();
            float tolerance = 4 * golden.Float("convt_scale");
            Assert.Equal(expected.Length, output.Length);
            Assert.All(expected.Zip(output), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
        }
    }

    [Fact]
    public void The_example_with_branches_runs_and_writes_its_files()
    {
        var random = new Random(2);
        var writer = new SafetensorsWriter();
        writer.Add("first.weight", [8, 3, 3, 3], Floats(random, 216));
        writer.Add("first.bias", [8], Floats(random, 8));
        writer.Add("down.weight", [12, 8, 2, 2], Floats(random, 384));
        writer.Add("middle.weight", [12, 12, 3, 3], Floats(random, 1296));
        writer.Add("up.weight", [12, 8, 2, 2], Floats(random, 384));
        writer.Add("last.weight", [3, 8, 3, 3], Floats(random, 216));
        FloatTensor[] pictures = [Tensor(random, new Shape4(1, 3, 16, 16))];
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using CompiledLayers layers = CompiledLayers.Compile(Block("BranchesExample"));

            var model = (QuantizedModel)layers.Type("BranchesExample").GetMethod("Run")!.Invoke(null, [Parse(writer), pictures, pictures, folder])!;

            Assert.Equal(["first", "down", "middle", "up", "skip", "sum", "last"], model.Layers.Select(static layer => layer.Name));
            Assert.Equal(["last"], model.Layers.Where(static layer => !layer.IsQuantized).Select(static layer => layer.Name));
            Assert.Equal(new Shape4(1, 3, 8, 8), model.Forward(pictures[0]).Shape);
            Assert.Contains("<svg", File.ReadAllText(Path.Combine(folder, "accuracy.html")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_example_of_fine_tuning_trains_and_converts()
    {
        var random = new Random(3);
        var writer = new SafetensorsWriter();
        writer.Add("first.weight", [8, 3, 3, 3], Floats(random, 216));
        writer.Add("first.bias", [8], Floats(random, 8));
        writer.Add("deep.weight", [12, 8, 3, 3], Floats(random, 864));
        writer.Add("up.weight", [12, 8, 2, 2], Floats(random, 384));
        writer.Add("last.weight", [3, 16, 3, 3], Floats(random, 432));
        FloatTensor[] pictures = [Tensor(random, new Shape4(1, 3, 16, 16)), Tensor(random, new Shape4(1, 3, 16, 16))];
        using CompiledLayers layers = CompiledLayers.Compile(Block("FineTuningExample"));

        var model = (QuantizedModel)layers.Type("FineTuningExample").GetMethod("Run")!.Invoke(null, [Parse(writer), pictures])!;

        Assert.Equal(["first", "pool", "deep", "up", "cat", "last"], model.Layers.Select(static layer => layer.Name));
        Assert.Equal(["last"], model.Layers.Where(static layer => !layer.IsQuantized).Select(static layer => layer.Name));
        Assert.Equal(new Shape4(1, 3, 14, 14), model.Forward(pictures[0]).Shape);
    }

    [Fact]
    public void Every_name_of_ours_in_the_tables_exists()
    {
        Dictionary<string, Type> types = typeof(AccuracyReport).Assembly.GetExportedTypes().Where(static type => !type.IsNested).ToDictionary(static type => type.Name);
        string[] names = [.. OurNames()];

        Assert.True(names.Length > 100, $"{names.Length} names were found");
        Assert.Equal([], names.Where(name => !Exists(name)).ToArray());

        bool Exists(string name) => name.Split('.') is [var type, .. var member]
            && types.TryGetValue(type, out Type? found)
            && (member.Length == 0 || found.GetMember(member[0], BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy).Length > 0);
    }

    [Fact]
    public void Every_link_within_the_page_has_its_heading()
    {
        string[] anchors = [.. Headings().Matches(Page).Select(static match => match.Groups[1].Value.ToLowerInvariant().Replace(",", "", StringComparison.Ordinal).Replace(' ', '-'))];

        Assert.All(Links().Matches(Page), link => Assert.Contains(link.Groups[1].Value, anchors));
    }

    private static FloatTensor RunExample(SafetensorsFile weights, IEnumerable<FloatTensor> calibration, FloatTensor x)
    {
        using CompiledLayers layers = CompiledLayers.Compile(Block("class Example"));
        return (FloatTensor)layers.Type("Example").GetMethod("Run")!.Invoke(null, [weights, calibration, x])!;
    }

    /// <summary>The C# block of the page with a text.</summary>
    private static string Block(string text) => Blocks().Matches(Page).Select(static match => match.Groups[1].Value).Single(block => block.Contains(text, StringComparison.Ordinal));

    /// <summary>Names in the tables' columns behind the first, and in the first column where PyTorch has the same.</summary>
    private static IEnumerable<string> OurNames()
    {
        foreach (string line in Page[Page.IndexOf("## Names", StringComparison.Ordinal)..].Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal) || line.StartsWith("| |", StringComparison.Ordinal)))
        {
            foreach (Match match in line.Split(" | ").Skip(1).SelectMany(static cell => Ours().Matches(cell)))
            {
                yield return match.Groups[1].Value;
            }
        }
    }

    private static SafetensorsFile Parse(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return SafetensorsFile.Parse(stream.ToArray());
    }

    private static FloatTensor Tensor(Random random, Shape4 shape) => new(shape, Floats(random, shape.Count));

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]+(?:\.[A-Z][A-Za-z0-9]+)?)`")]
    private static partial Regex Ours();
}
