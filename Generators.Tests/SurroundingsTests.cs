using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Generated code compiles without a warning whatever the user's project calls its own things and however strict it is.</summary>
public class SurroundingsTests
{
    private const string Layers = """
        [global::Kernels.QuantizedConv2d(InChannels = 5, OutChannels = 32, Kernel = 3, Activation = global::Kernels.Activation.LeakyRelu)]
        {0} partial class Convolution;

        [global::Kernels.QuantizedConvTranspose2d(InChannels = 32, OutChannels = 3, Kernel = 3, Stride = 2)]
        {0} partial class Transposed;

        [global::Kernels.QuantizedLinear(InFeatures = 3, OutFeatures = 4)]
        {0} partial class Linear;

        [global::Kernels.QuantizedSequential(typeof(Convolution), typeof(Transposed), typeof(Linear))]
        {0} partial class Network;
        """;

    private static readonly string Public = Layers.Replace("{0}", "public", System.StringComparison.Ordinal);

    /// <summary>Every name of a type or namespace that generated code uses, found in the generated code itself.</summary>
    private static readonly string[] Names =
    [
        .. GeneratorHarness.Run(Public).Output.SyntaxTrees.Skip(1)
            .SelectMany(tree => tree.GetRoot().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && char.IsAsciiLetterUpper(token.Text[0]))
            .Select(token => token.Text)
            .Except(["Convolution", "Transposed", "Linear", "Network"])
            .Distinct()
            .Order(System.StringComparer.Ordinal),
    ];

    [Fact]
    public void Names_of_the_users_types_beside_a_layer_are_free()
    {
        Assert.Empty(new[] { "System", "Kernels", "Conv2d_3x4_k1", "Lanes", "Vector256", "Residual", "Span" }.Except(Names));

        AssertCompiles($"namespace App {{ {Types(Names)} {Public} }}");
    }

    [Fact]
    public void Names_of_the_users_types_in_the_global_namespace_are_free() =>
        AssertCompiles(Types(Names.Except(["System", "Kernels"])) + Public);

    [Fact]
    public void Names_of_the_users_types_in_our_namespace_are_free()
    {
        // Types of Kernels itself, which the compiler tells apart by warning CS0436, are no names for a user.
        IEnumerable<string> names = Names.Where(name => typeof(Shape4).Assembly.GetType("Kernels." + name) is null)
            .Except(["Quantization", "Layers", "Packing", "Execution", "Models", "Generated", "Generic"]);

        AssertCompiles($"namespace Kernels {{ {Types(names)} {Public} }}");
    }

    [Fact]
    public void Names_of_types_and_type_parameters_around_a_layer_are_free()
    {
        // A model cannot stand there: its attribute would name types by type parameters, which C# forbids.
        string layers = Public[..Public.IndexOf("[global::Kernels.QuantizedSequential", System.StringComparison.Ordinal)];

        AssertCompiles($"public static partial class Outer<Kernels> {{ public partial struct Inner<System> {{ {Types(Names.Except(["System", "Kernels"]))} {layers} }} }}");
    }

    [Fact]
    public void Names_of_the_users_namespaces_are_free() =>
        AssertCompiles($"namespace App.Kernels.System {{ {Public} }} namespace App.Kernels.Generated {{ class Kernel; }} namespace App.System.Runtime {{ class Span; }}");

    [Fact]
    public void Members_of_the_layers_class_may_have_any_other_name()
    {
        string[] taken = ["Spec", "InputQuantization", "OutputQuantization", "Packed", "Create", "OutputShape", "Run", "Forward", "Layers", "Load", "Weights"];
        string members = Types(Names.Except(taken));

        AssertCompiles($"namespace App; {Public} partial class Convolution {{ {members} }} partial class Linear {{ {members} }} partial class Network {{ {members} }}");
    }

    [Theory]
    [InlineData("public")]
    [InlineData("internal sealed")]
    public void Documented_projects_get_no_warning(string modifiers)
    {
        // The classes' own summaries are the user's; everything else public is generated.
        string source = Layers.Replace("{0}", modifiers, System.StringComparison.Ordinal).Replace("[global", "/// <summary>A layer.</summary>\n[global", System.StringComparison.Ordinal);

        GeneratorHarness.Run(GeneratorHarness.Compile([$"namespace App;\n\n{source}"], documentation: DocumentationMode.Diagnose)).AssertCompiles();
    }

    [Fact]
    public void Checked_arithmetic_and_disabled_nullability_change_nothing()
    {
        CSharpCompilation compilation = GeneratorHarness.Compile([Public]);

        GeneratorHarness.Run(compilation.WithOptions(compilation.Options.WithOverflowChecks(true).WithNullableContextOptions(NullableContextOptions.Disable))).AssertCompiles();
    }

    [Fact]
    public void Internals_that_another_assembly_shows_may_have_the_same_kernels()
    {
        string shown = Public
            .Replace("partial class ", "partial class Library", System.StringComparison.Ordinal)
            .Replace("typeof(", "typeof(Library", System.StringComparison.Ordinal);
        CSharpCompilation library = GeneratorHarness.Compile(["[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"User\")]\n" + shown]);
        CSharpCompilation user = GeneratorHarness.Compile([Public]).WithAssemblyName("User");

        GeneratorHarness.Run(user.AddReferences(GeneratorHarness.Run(library).AssertCompiles().Output.ToMetadataReference())).AssertCompiles();
    }

    private static void AssertCompiles(string source) => GeneratorHarness.Run(source).AssertCompiles();

    private static string Types(IEnumerable<string> names) => string.Join(" ", names.Select(name => $"public class {name};"));
}
