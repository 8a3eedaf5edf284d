using System;
using System.Globalization;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Models of annotated layers: what is generated, and what is refused where.</summary>
public class SequentialTests
{
    private const string Layers = """
        [Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)] public partial class First;
        [Kernels.QuantizedConvTranspose2d(InChannels = 16, OutChannels = 3, Kernel = 3)] public partial class Second;
        """;

    // The contract by hand, so that these tests stand or fail with the model alone.
    private const string HandWritten = """
        public class First : Hand<First>;
        public class Second : Hand<Second>;
        namespace N.@record { class @event : Hand<@event>; }
        public abstract class Hand<TSelf> : Kernels.Layers.IQuantizedConvolution<TSelf> where TSelf : Hand<TSelf>
        {
            public static Kernels.Layers.ConvolutionSpec Spec => throw new System.NotSupportedException();
            public Kernels.Quantization.QuantizationParameters InputQuantization => default;
            public Kernels.Quantization.QuantizationParameters OutputQuantization => default;
            public static TSelf Create(Kernels.QuantizedWeight weight, System.ReadOnlySpan<float> bias, Kernels.Quantization.QuantizationParameters input, Kernels.Quantization.QuantizationParameters output) => throw new System.NotSupportedException();
            public Kernels.Shape4 OutputShape(Kernels.Shape4 input) => input;
            public void Run(System.ReadOnlySpan<byte> input, int batch, int height, int width, System.Span<byte> output) { }
        }
        """;

    private const string Attribute = "[Kernels.QuantizedSequential(typeof(First), typeof(Second))]";

    [Fact]
    public void A_model_names_its_layers_in_order()
    {
        string text = ModelText(GeneratorHarness.Run(Layers, $"namespace N; {Attribute} public partial class Network;"));

        Assert.Contains("partial class Network : global::Kernels.Models.AnnotatedModel\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "        global::Kernels.Models.LayerFactory.For<global::First>(\"First\"),\n        global::Kernels.Models.LayerFactory.For<global::Second>(\"Second\"),\n",
            text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0} public partial class Network;")]
    [InlineData("namespace @namespace; {0} internal sealed partial class @class;")]
    [InlineData("public partial class Outer<T> where T : struct {{ {0} private partial class Network; }}")]
    [InlineData("{0} public partial class Network : Kernels.Models.AnnotatedModel;")]
    [InlineData("{0} public partial class Network : System.IDisposable {{ public void Dispose() {{ }} }}")]
    [InlineData("[Kernels.QuantizedSequential(new[] {{ typeof(First), typeof(Second) }})] public partial class Network;")]
    [InlineData("[Kernels.QuantizedSequential([typeof(First), typeof(Second)])] public partial class Network;")]
    [InlineData("[Kernels.QuantizedSequential(typeof(First), typeof(Second), typeof(First), typeof(Second))] public partial class Network;")]
    [InlineData("namespace N.@record {{ [Kernels.QuantizedSequential(typeof(@event))] partial class Network; }}")]
    public void A_model_compiles_wherever_it_stands(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(HandWritten, string.Format(CultureInfo.InvariantCulture, source, Attribute)).AssertCompiles();

        Assert.Single(run.Files);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_marked()
    {
        GeneratorRun run = GeneratorHarness.Run(
            Layers,
            "class Plain; class Generic<T>; [Kernels.QuantizedSequential(typeof(Plain), typeof(First), typeof(First), typeof(int), typeof(Generic<>), typeof(First[]), null!)] partial class Network;");

        Assert.Equal(
            ["KRN017 typeof(Plain)", "KRN018 typeof(First)", "KRN017 typeof(int)", "KRN017 typeof(Generic<>)", "KRN017 typeof(First[])", "KRN017 null"],
            run.Marked);
        Assert.DoesNotContain(run.Files.Keys, name => name.StartsWith("Network", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Kernels.QuantizedSequential(typeof(First), typeof(First))] public partial class Network;", "KRN018 typeof(First)")]
    [InlineData("[Kernels.QuantizedSequential(typeof(Second), typeof(First), typeof(First))] public partial class Network;", "KRN018 typeof(First)")]
    [InlineData("[Kernels.QuantizedSequential(new[] {{ typeof(Second), typeof(Second) }})] public partial class Network;", "KRN018 typeof(Second)")]
    [InlineData("[Kernels.QuantizedSequential] public partial class Network;", "KRN016 Kernels.QuantizedSequential")]
    [InlineData("[Kernels.QuantizedSequential()] public partial class Network;", "KRN016 Kernels.QuantizedSequential()")]
    [InlineData("[Kernels.QuantizedSequential(null!)] public partial class Network;", "KRN016 Kernels.QuantizedSequential(null!)")]
    [InlineData("{0} public class Network;", "KRN001 Network")]
    [InlineData("public class Outer {{ {0} public partial class Network; }}", "KRN001 Outer")]
    [InlineData("{0} file partial class Network;", "KRN012 Network")]
    [InlineData("{0} public abstract partial class Network;", "KRN015 Network")]
    [InlineData("{0} public static partial class Network;", "KRN015 Network")]
    [InlineData("{0} public partial class Network<T>;", "KRN015 Network")]
    [InlineData("{0} public partial record Network;", "KRN015 Network")]
    [InlineData("public class Base; {0} public partial class Network : Base;", "KRN015 Network")]
    public void A_model_that_cannot_be_generated_is_marked(string source, string marked)
    {
        GeneratorRun run = GeneratorHarness.Run(Layers, string.Format(CultureInfo.InvariantCulture, source, Attribute));

        Assert.Equal([marked], run.Marked);
        Assert.DoesNotContain(run.Files.Keys, name => name.StartsWith("Network", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_cannot_be_a_layer_and_a_model()
    {
        GeneratorRun run = GeneratorHarness.Run(Layers, $"[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 3, Kernel = 3)] {Attribute} public partial class Both;");

        Assert.Equal(["KRN014 Kernels.QuantizedSequential(typeof(First), typeof(Second))"], run.Marked);
    }

    [Fact]
    public void An_unknown_type_is_left_to_the_compiler()
    {
        GeneratorRun run = GeneratorHarness.Run("[Kernels.QuantizedSequential(typeof(Missing))] public partial class Network;");

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Files);
    }

    [Fact]
    public void An_edit_to_a_layer_leaves_its_model_alone()
    {
        GeneratorRun run = GeneratorHarness.Run(Layers, Attribute + " public partial class Network;");

        GeneratorRun edited = run.Edit(0, Layers.Replace("Kernel = 3", "Kernel = 5", StringComparison.Ordinal));

        Assert.All(edited.Steps.Where(step => step.Generator == nameof(QuantizedSequentialGenerator)), step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void An_edit_to_a_layer_can_break_its_model()
    {
        GeneratorRun run = GeneratorHarness.Run(Layers, Attribute + " public partial class Network;");

        GeneratorRun edited = run.Edit(0, Layers.Replace("InChannels = 16", "InChannels = 8", StringComparison.Ordinal));

        Assert.Equal(["KRN018 typeof(Second)"], edited.Marked);
    }

    private static string ModelText(GeneratorRun run) => run.Files.Values.Single(text => text.Contains("AnnotatedModel", StringComparison.Ordinal));
}
