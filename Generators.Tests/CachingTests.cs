using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Kernels.Generators.Specs;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What an edit computes anew. That a second run computes nothing is asserted by every run of the harness.</summary>
public class CachingTests
{
    private const string First = "[Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = Sizes.Kernel)] public partial class First;";
    private const string Second = "[Kernels.QuantizedConvTranspose2d(InChannels = 4, OutChannels = 4, Kernel = 3)] public partial class Second;";
    private const string Sizes = "internal static class Sizes { public const int Kernel = 3; }";

    private readonly GeneratorRun _run = GeneratorHarness.Run(First + "\n" + Second, Sizes);

    [Fact]
    public void Every_step_is_tracked()
    {
        Assert.Equal(
            [TrackingNames.Emit, TrackingNames.Kernel, TrackingNames.Model, TrackingNames.Parse, "SourceOutput"],
            _run.Steps.Where(step => step.Generator == nameof(LayerGenerator)).Select(step => step.Name).Distinct().Order());
    }

    [Fact]
    public void An_edit_in_another_file_computes_nothing()
    {
        GeneratorRun edited = _run.Edit(1, Sizes + " internal class Other;");

        Assert.All(edited.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void An_edit_above_the_classes_generates_nothing()
    {
        GeneratorRun edited = _run.Edit(0, "// A comment that moves everything.\n\n" + First + "\n" + Second);

        Assert.All(edited.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void An_edit_inside_a_class_that_leaves_its_layer_alone_generates_nothing()
    {
        GeneratorRun edited = _run.Edit(0, First.Replace("class First;", "class First { private int x; }", System.StringComparison.Ordinal) + "\n" + Second);

        Assert.All(edited.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void An_edit_to_one_layer_generates_only_that_one()
    {
        GeneratorRun edited = _run.Edit(0, First + "\n" + Second.Replace("Kernel = 3", "Kernel = 5", System.StringComparison.Ordinal));

        Assert.Equal(["ConvTranspose2d_4x4_k5"], Generated(edited));
    }

    [Fact]
    public void A_constant_in_another_file_reaches_its_layer()
    {
        GeneratorRun edited = _run.Edit(1, Sizes.Replace("= 3", "= 5", System.StringComparison.Ordinal));

        Assert.Equal(["Conv2d_4x4_k5"], Generated(edited));
    }

    [Fact]
    public void A_changed_layer_of_two_of_one_kind_is_generated_alone()
    {
        string other = First.Replace("class First", "class Other", System.StringComparison.Ordinal);
        GeneratorRun run = GeneratorHarness.Run(First, other, Sizes);

        GeneratorRun edited = run.Edit(1, other.Replace("InChannels = 4", "InChannels = 8", System.StringComparison.Ordinal));

        Assert.Equal(["Conv2d_8x4_k3"], Generated(edited));
        Assert.Equal(2, edited.Kernels.Count);
    }

    [Fact]
    public void Layers_of_one_spec_share_a_kernel()
    {
        string other = First.Replace("class First", "class Other", System.StringComparison.Ordinal);

        GeneratorRun run = GeneratorHarness.Run(First, other, Sizes).AssertCompiles();

        Assert.Equal(2, run.Files.Count);
        Assert.Equal("Kernel.Conv2d_4x4_k3.g.cs", Assert.Single(run.Kernels).Key);
    }

    [Fact]
    public void An_inserted_layer_emits_its_own_kernel_alone()
    {
        string[] layers = [.. Enumerable.Range(1, 40).Select(static n => $"[Kernels.QuantizedConv2d(InChannels = {n}, OutChannels = 4, Kernel = 1)] public partial class L{n};")];
        GeneratorRun run = GeneratorHarness.Run(string.Join("\n", layers.Where(static (_, index) => index != 17)));

        GeneratorRun inserted = run.Edit(0, string.Join("\n", layers));
        GeneratorRun removed = inserted.Edit(0, string.Join("\n", layers.Skip(1)));

        Assert.Equal(["Conv2d_18x4_k1"], Generated(inserted));
        Assert.Equal(40, inserted.Kernels.Count);
        Assert.Empty(Generated(removed));
        Assert.Equal(39, removed.Kernels.Count);
    }

    [Fact]
    public void Switching_unsafe_code_off_generates_nothing_anew()
    {
        GeneratorRun edited = _run.Edit(_run.Input.WithOptions(_run.Input.Options.WithAllowUnsafe(false)));

        Assert.Equal(["KRN013", "KRN013"], edited.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Empty(Generated(edited));
    }

    [Fact]
    public void No_step_holds_symbols_nodes_or_compilations()
    {
        GeneratorRun run = GeneratorHarness.Run(First + Second, Sizes, "[Kernels.QuantizedConv2d] class Wrong;");

        Assert.Contains(run.Steps, step => step.Name == TrackingNames.Diagnostics);
        Assert.All(run.Steps.Where(step => TrackingNames.All.Contains(step.Name)), step => AssertPlain(step.Value, []));
    }

    [Fact]
    public void An_edit_of_a_networks_code_emits_its_class_and_no_kernel_of_a_known_spec()
    {
        const string Code = """
            using Kernels.Models;
            using static Kernels.Models.Functions;
            [Kernels.QuantizedModel]
            public partial class Network
            {
                [Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 3)] static partial Value A(Value x);
                [Kernels.QuantizedConv2d(InChannels = 8, OutChannels = 8, Kernel = 3)] static partial Value B(Value x);
                [Kernels.QuantizedConv2d(InChannels = 8, OutChannels = 4, Kernel = 3)] static partial Value C(Value x);
                static Value Forward(Value x) => C(B(A(x)));
            }
            """;
        GeneratorRun run = GeneratorHarness.Run(Code, "class Elsewhere;").AssertCompiles();

        GeneratorRun edited = run.Edit(0, Code.Replace("B(A(x))", "MaxPool(B(B(A(x))), 2)", System.StringComparison.Ordinal));
        GeneratorRun elsewhere = edited.Edit(1, "class Elsewhere { int x; }");
        GeneratorRun moved = elsewhere.Edit(0, "// A comment.\n" + Code.Replace("B(A(x))", "MaxPool(B(B(A(x))), 2)", System.StringComparison.Ordinal));

        Assert.Equal(3, run.Kernels.Count);
        Assert.Single(edited.Steps, step => step.Name == TrackingNames.Emit && !step.IsReused);
        Assert.Empty(Generated(edited));
        Assert.All(elsewhere.Steps, step => Assert.True(step.IsReused, step.ToString()));
        Assert.All(moved.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    // The kernels that were emitted; a step of one that is gone gave its text before.
    private static IEnumerable<string> Generated(GeneratorRun run) => run.Steps
        .Where(step => step.Name == TrackingNames.Kernel && !step.IsReused && step.Reason != IncrementalStepRunReason.Removed)
        .Select(step => ((GeneratedFile)step.Value!).HintName["Kernel.".Length..^".g".Length]);

    // The tree that a diagnostic is in is allowed: it is the file's own, and a file with a diagnostic is about to be edited.
    private static void AssertPlain(object? value, HashSet<object> seen)
    {
        if (value is null or string or SyntaxTree or DiagnosticDescriptor || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(value is ISymbol or SyntaxNode or Compilation or SemanticModel or Location, $"A step holds a {value.GetType()}.");
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                AssertPlain(item, seen);
            }
        }

        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            AssertPlain(field.GetValue(value), seen);
        }
    }
}
