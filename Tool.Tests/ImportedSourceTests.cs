using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Kernels.Generators.Tests.Support;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Onnx.Tests.Nodes;
using Kernels.Tool.Source;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Kernels.Tool.Tests;

/// <summary>The networks of the ONNX backend suite as C#.</summary>
public sealed class ImportedSourceTests
{
    [Fact]
    public void Whatever_of_the_node_suite_can_be_loaded_is_written_as_source_that_compiles_and_computes_the_same()
    {
        Case[] cases = [.. NodeFiles.Names.SelectMany(Cases)];
        var context = new AssemblyLoadContext(nameof(ImportedSourceTests), isCollectible: true);
        Assembly assembly = context.LoadFromStream(Compile([.. cases.Select(static item => item.Source.Text())]));

        var failures = new List<string>();
        foreach (Case item in cases)
        {
            try
            {
                Check(item, assembly.GetType($"{item.Space}.Network", throwOnError: true)!);
            }
            catch (Exception exception)
            {
                failures.Add($"{item.Name}: {(exception as TargetInvocationException)?.InnerException ?? exception}\n{item.Source.Text()}");
            }
        }

        context.Unload();
        Assert.Empty(failures);
        Assert.True(cases.Length > 200, $"{cases.Length} networks were written.");
    }

    private static IEnumerable<Case> Cases(string name)
    {
        NodeTest test = NodeFiles.Test(name);
        if (test.Inputs.Length == 0 || test.Inputs.Length != test.Graph.Inputs.Count)
        {
            yield break;
        }

        for (int output = 0; output < test.Outputs.Length; output++)
        {
            OnnxModel model;
            try
            {
                model = test.Load(output);
            }
            catch (UnsupportedOnnxException)
            {
                continue;
            }

            string space = $"Networks.{Names.Pascal(name)}{output}";
            yield return new Case($"{name} {output}", space, model, new SourceWriter(model.Network, space, "Network", name, "0", hasSize: false));
        }
    }

    private static MemoryStream Compile(string[] sources)
    {
        var image = new MemoryStream();
        GeneratorRun run = GeneratorHarness.Run(sources).AssertCompiles();
        EmitResult result = run.Output.Emit(image);
        Assert.DoesNotContain(run.Diagnostics, static diagnostic => diagnostic.Id == "KRN033");
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return image;
    }

    private static void Check(Case item, Type type)
    {
        using var file = new MemoryStream();
        item.Source.Weights().WriteTo(file);
        file.Position = 0;
        var network = (AnnotatedModel)Activator.CreateInstance(type, SafetensorsFile.Load(file))!;
        var input = new FloatTensor(item.Model.Network.PhysicalInput);
        var random = new Random(5);
        foreach (ref float value in input.Data)
        {
            value = 4 * random.NextSingle() - 2;
        }

        FloatTensor expected = item.Model.Float.Forward(input);
        FloatTensor actual = network.Forward(input);
        Assert.Equal(expected.Shape, actual.Shape);
        for (int i = 0; i < actual.Data.Length; i++)
        {
            // A batch norm is folded in the source.
            float a = expected.Data[i], b = actual.Data[i];
            Assert.True(a.Equals(b) || MathF.Abs(a - b) <= 1e-5f + 1e-4f * MathF.Abs(a), $"Element {i} is {b} instead of {a}.");
        }
    }

    private sealed record Case(string Name, string Space, OnnxModel Model, SourceWriter Source);
}
