using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Onnx.Lowering;
using Kernels.Onnx.Tests.Nodes;
using Kernels.Tool.Source;
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
        Assembly assembly = context.LoadFromStream(CompiledSource.Of([.. cases.Select(static item => item.Source.Text())]));

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

    [Theory]
    [InlineData("layers.{0}.", "Layers{0}")]
    [InlineData("node_{0}_", "Node{0}Conv1Block")]
    public void What_occurs_again_with_other_weights_is_a_class_of_its_own_and_called_as_a_block(string prefix, string method)
    {
        var random = new Random(3);
        var shape = new Shape4(1, 8, 6, 5);
        Step Conv(string name, int from) => new(name, Operations.Convolution(Spec, new LayerWeights(Weights(random))), [from], shape, name);
        var steps = new List<Step> { Conv("stem", 0) };
        for (int i = 0; i < 4; i++)
        {
            string name = string.Format(CultureInfo.InvariantCulture, prefix, i);
            steps.Add(Conv(name + "conv1", 4 * i + 1));
            steps.Add(new Step(name + "relu", Operations.ReLU(), [4 * i + 2], shape, ""));
            steps.Add(Conv(name + "conv2", 4 * i + 3));
            steps.Add(new Step(name + "add", Operations.Binary("Add"), [4 * i + 1, 4 * i + 4], shape, ""));
        }

        var network = new ImportedNetwork("x", "y", [1, 8, 6, 5], [1, 8, 6, 5], steps);
        var source = new SourceWriter(network, "Networks", "Network", "n.onnx", "0", hasSize: false);
        string text = source.Text();

        Assert.Equal(4, text.Split("[QuantizedBlock(typeof(Residual8))]").Length - 1);
        for (int i = 0; i < 4; i++)
        {
            Assert.Contains($"private static partial Value {string.Format(CultureInfo.InvariantCulture, method, i)}(Value x);", text, StringComparison.Ordinal);
        }

        Assert.Contains("Value conv1 = ReLU(Conv1(x));\n            Value conv2 = Conv2(conv1);\n            return x + conv2;", text, StringComparison.Ordinal);
        var context = new AssemblyLoadContext(method, isCollectible: true);
        AnnotatedModel model = Make(source, context.LoadFromStream(CompiledSource.Of([text])).GetType("Networks.Network", throwOnError: true)!);
        FloatTensor input = Input(shape);
        Assert.Equal(network.Build().Forward(input).Data.ToArray(), model.Forward(input).Data.ToArray());
        context.Unload();
    }

    private static readonly ConvolutionSpec Spec = new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = 8,
        OutChannels = 8,
        KernelHeight = 3,
        KernelWidth = 3,
        PaddingHeight = 1,
        PaddingWidth = 1,
        HasBias = false,
    };

    private static FloatWeight Weights(Random random)
    {
        var values = new float[8 * 8 * 9];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() - 0.5f) * 0.2f;
        }

        return new FloatWeight(new Shape4(8, 8, 3, 3), values);
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

    private static void Check(Case item, Type type)
    {
        AnnotatedModel network = Make(item.Source, type);
        FloatTensor input = Input(item.Model.Network.PhysicalInput);
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

    private static AnnotatedModel Make(SourceWriter source, Type type)
    {
        using var file = new MemoryStream();
        source.Weights().WriteTo(file);
        file.Position = 0;
        return (AnnotatedModel)Activator.CreateInstance(type, SafetensorsFile.Load(file))!;
    }

    private static FloatTensor Input(Shape4 shape)
    {
        var input = new FloatTensor(shape);
        var random = new Random(5);
        foreach (ref float value in input.Data)
        {
            value = 4 * random.NextSingle() - 2;
        }

        return input;
    }

    private sealed record Case(string Name, string Space, OnnxModel Model, SourceWriter Source);
}
