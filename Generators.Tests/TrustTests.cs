using System.Diagnostics;
using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What an attribute may hold, a file holds: whatever the numbers, the generated file is of bounded size, made in bounded time, and compiles.</summary>
public class TrustTests
{
    private const string Attribute = "[Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 1)]";

    [Theory]
    [InlineData("QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 1, Stride = 20)")]
    [InlineData("QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 1, Stride = 300)")]
    [InlineData("QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 1, Stride = 4096)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 3, OutChannels = 4, Kernel = 3, StrideHeight = 166)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 3, OutChannels = 4, Kernel = 3, StrideHeight = 227)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 64, OutChannels = 1, KernelHeight = 227, KernelWidth = 2, StrideHeight = 227)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 64, OutChannels = 64, Groups = 64, Kernel = 8, Stride = 8)")]
    [InlineData("QuantizedConv2d(InChannels = 16400, OutChannels = 32, Kernel = 1, PaddingWidth = 65535)")]
    [InlineData("QuantizedConv2d(InChannels = 62799, OutChannels = 62799, Groups = 62799, Kernel = 1, StrideHeight = 26, Padding = 2, InputWidth = 13193)")]
    [InlineData("QuantizedConv2d(InChannels = 65536, OutChannels = 65536, Groups = 65536, Kernel = 1, PaddingWidth = 65535)")]
    [InlineData("QuantizedConv2d(InChannels = 4, OutChannels = 4, KernelHeight = 4000, Kernel = 1, DilationHeight = 36)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 4, OutChannels = 4, Kernel = 4000, KernelWidth = 1, StrideHeight = 4096, PaddingHeight = 30000000)")]
    [InlineData("QuantizedConvTranspose2d(InChannels = 1, OutChannels = 1, Kernel = 1, StrideHeight = 4096, StrideWidth = 16)")]
    public void Extreme_numbers_make_a_small_file_that_compiles(string attribute)
    {
        var watch = Stopwatch.StartNew();
        GeneratorRun run = GeneratorHarness.Run(LayerSource.Of([$"[Kernels.{attribute}]"]));
        Assert.True(watch.ElapsedMilliseconds < 30_000, $"twice in {watch.ElapsedMilliseconds} ms");

        if (!run.Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            Assert.All(run.Files.Values.Concat(run.Kernels.Values), static text => Assert.InRange(text.Length, 1, 200_000));
            run.AssertCompiles();
        }
    }

    [Fact]
    public void A_plan_that_makes_too_much_code_is_replaced_before_it_is_written()
    {
        // Smaller plans of any layer end in the generic kernel, whatever the estimate of code sizes says.
        foreach (LayerSpec layer in PlanGrid.Layers.Take(40))
        {
            KernelPlan[] smaller = [.. Planner.Smaller(Planner.Plan(layer))];

            Assert.IsType<GenericPlan>(smaller[^1].Dataflow);
            Assert.All(smaller, plan => Assert.Equal(layer, plan.Spec));
        }
    }

    [Fact]
    public void Every_plan_of_the_grid_is_the_one_that_is_emitted() =>
        Assert.All(PlanGrid.Layers, static layer => Assert.Equal(Planner.Plan(layer).Dataflow.GetType(), KernelEmitter.PlanOf(layer).Dataflow.GetType()));

    [Fact]
    public void Two_classes_whose_names_share_a_short_hash_both_get_their_file()
    {
        GeneratorRun run = GeneratorHarness.Run(
            $"namespace N57707 {{ {Attribute} public partial class Layer; }}",
            $"namespace N294430 {{ {Attribute} public partial class Layer; }}").AssertCompiles();

        Assert.Equal(2, run.Files.Count);
    }

    [Fact]
    public void Overloads_of_generated_members_are_the_users_own()
    {
        GeneratorHarness.Run($$"""
            {{Attribute}}
            public partial class Layer
            {
                public void Run(int x) { }
                public void Run<T>(System.ReadOnlySpan<byte> input, int height, int width, System.Span<byte> output) { }
                public Kernels.Shape4 OutputShape(in Kernels.Shape4 input, int n) => input;
                public static Layer Create() => null!;
            }
            """).AssertCompiles();
    }

    [Theory]
    [InlineData("public int Layers => 1;")]
    [InlineData("public static void Load(string path) { }")]
    [InlineData("public Network(Kernels.Models.SafetensorsFile weights) { }")]
    public void Members_that_collide_with_a_sequence_are_marked(string member)
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} public partial class First; [Kernels.QuantizedSequential(typeof(First))] public partial class Network {{ {member} }}");

        Assert.Equal(["KRN015 Network"], run.Marked);
    }
}
