using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Which classes are refused, and the source text that each diagnostic marks.</summary>
public class ClassDiagnosticTests
{
    private const string Arguments = "InChannels = 4, OutChannels = 4, Kernel = 3";

    private const string Attribute = "[Kernels.QuantizedConv2d(" + Arguments + ")]";

    [Theory]
    [InlineData("{0} public class A;", "KRN001 A")]
    [InlineData("{0} public class @class;", "KRN001 @class")]
    [InlineData("public class Outer {{ {0} public partial class A; }}", "KRN001 Outer")]
    [InlineData("public class Outer {{ public record struct Inner {{ {0} public class A; }} }}", "KRN001 Outer", "KRN001 Inner", "KRN001 A")]
    [InlineData("public class Outer {{ public partial interface IInner {{ {0} public partial class A; }} }}", "KRN001 Outer")]
    [InlineData("{0} file partial class A;", "KRN012 A")]
    [InlineData("file partial class Outer {{ {0} public partial class A; }}", "KRN012 A")]
    [InlineData("{0} public static partial class A;", "KRN015 A")]
    [InlineData("{0} private partial class A;", "KRN015 A")]
    [InlineData("{0} public partial class System;", "KRN015 System")]
    [InlineData("public struct System; namespace N {{ {0} public partial class A; }}", "KRN015 A")]
    [InlineData("{0} public abstract partial class A;", "KRN015 A")]
    [InlineData("{0} public partial class A<T>;", "KRN015 A")]
    [InlineData("{0} public partial class A(int x) {{ public int X => x; }}", "KRN015 A")]
    [InlineData("{0} public partial record A(int X);", "KRN015 A")]
    [InlineData("{0} public partial class A; public partial class A(int x) {{ public int X => x; }}", "KRN015 A")]
    [InlineData("public class Base(int x) {{ public int X => x; }} {0} public partial class A : Base;", "KRN015 A")]
    [InlineData("{0} public partial class A {{ class A {{ }} }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ public int Spec => 1; }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ private int _kernel = 1; public int P => _kernel; }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ public class Run; }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ public Kernels.Shape4 OutputShape(Kernels.Shape4 x) => x; }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ public static void Run(System.ReadOnlySpan<byte> i, int h, int w, System.Span<byte> o) {{ }} }}", "KRN015 A")]
    [InlineData("{0} public partial class A {{ public required int X {{ get; init; }} }}", "KRN015 A")]
    [InlineData("public class Base {{ public required int X; }} {0} public partial class A : Base;", "KRN015 A")]
    [InlineData("public class Base {{ public int Packed; }} {0} public partial class A : Base;", "KRN015 A")]
    [InlineData("private partial class Outer {{ {0} public partial class A; }}", "KRN015 A")]
    [InlineData("public partial class A {{ {0} public partial class A; }}", "KRN015 A")]
    [InlineData("[System.CodeDom.Compiler.GeneratedCode(\"a\", \"b\")] {0} public partial class A;", "KRN015 A")]
    public void A_class_that_cannot_be_extended_is_marked(string source, params string[] marked)
    {
        GeneratorRun run = GeneratorHarness.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, source, Attribute));

        Assert.Equal(marked, run.Marked);
        Assert.Empty(run.Files);
    }

    [Fact]
    public void A_layer_derived_from_a_layer_is_marked_and_the_other_one_generated()
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} public partial class Base; {Attribute} public partial class A : Base;");

        Assert.Equal(["KRN015 A"], run.Marked);
        Assert.StartsWith("Base.", Assert.Single(run.Files).Key, StringComparison.Ordinal);

        // The compiler says at the user's class that its base has no constructor to call, and nothing of generated files.
        Assert.All(
            run.Output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
            static diagnostic => Assert.StartsWith("Source", diagnostic.Location.SourceTree!.FilePath, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("QuantizedConv2d(" + Arguments + ")")]
    [InlineData("QuantizedLinear(InFeatures = 4, OutFeatures = 4)")]
    [InlineData("QuantizedSequential(typeof(Layer))")]
    public void A_class_named_like_a_generated_member_is_marked(string attribute)
    {
        string layer = $"{Attribute} public partial class Layer; ";
        string text = GeneratorHarness.Run($"{layer}[Kernels.{attribute}] public partial class A;").Files.Single(file => file.Key.StartsWith("A.", StringComparison.Ordinal)).Value;
        ClassDeclarationSyntax type = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().First();
        string[] members =
        [
            .. type.Members.OfType<PropertyDeclarationSyntax>().Select(property => property.Identifier.Text),
            .. type.Members.OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.Text),
            .. type.Members.OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables).Select(variable => variable.Identifier.Text),
        ];

        Assert.NotEmpty(members);
        Assert.All(members.Distinct(), name =>
            Assert.Equal([$"KRN015 {name}"], GeneratorHarness.Run($"{layer}[Kernels.{attribute}] public partial class {name};").Marked));
    }

    [Fact]
    public void A_struct_is_left_to_the_compiler()
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} public partial struct A;");

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Files);
        Assert.Contains(run.Output.GetDiagnostics(), diagnostic => diagnostic.Id == "CS0592");
    }

    [Fact]
    public void The_second_of_two_layer_attributes_is_marked_and_the_first_generates()
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} [Kernels.QuantizedConvTranspose2d({Arguments})] public partial class A;");

        Assert.Equal([$"KRN014 Kernels.QuantizedConvTranspose2d({Arguments})"], run.Marked);
        Assert.Single(run.Files);
    }

    [Fact]
    public void Two_layer_attributes_on_two_parts_are_found_too()
    {
        GeneratorRun run = GeneratorHarness.Run(
            $"[Kernels.QuantizedConvTranspose2d({Arguments})] public partial class A;",
            $"{Attribute} public partial class A;");

        Assert.Equal([$"KRN014 Kernels.QuantizedConv2d({Arguments})"], run.Marked);
        Assert.Single(run.Files);
    }

    [Theory]
    [InlineData("{0} {0} public partial class A;")]
    [InlineData("{0} public partial class A; {0} public partial class A;")]
    public void The_same_attribute_twice_is_left_to_the_compiler(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, source, Attribute));

        Assert.Empty(run.Diagnostics);
        Assert.Single(run.Files);
        Assert.Contains(run.Output.GetDiagnostics(), diagnostic => diagnostic.Id == "CS0579");
    }

    [Fact]
    public void A_class_and_a_record_of_one_name_leave_other_layers_alone()
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} public partial class A; {Attribute} public partial record A; {Attribute} public partial class Other;");

        Assert.Contains(run.Files.Keys, static name => name.StartsWith("Other.", StringComparison.Ordinal));
        Assert.Contains(run.Output.GetDiagnostics(), static diagnostic => diagnostic.Id == "CS0261");
    }

    [Fact]
    public void Without_unsafe_code_the_attribute_is_marked_and_the_members_are_generated()
    {
        GeneratorRun run = GeneratorHarness.Run(GeneratorHarness.Compile([$"{Attribute} public partial class A;"], allowUnsafe: false));

        Assert.Equal([$"KRN013 Kernels.QuantizedConv2d({Arguments})"], run.Marked);
        Assert.Single(run.Files);
    }

    [Fact]
    public void Every_diagnostic_has_a_section_in_the_documentation()
    {
        string documentation = File.ReadAllText(FindUpwards("docs/diagnostics.md"));
        DiagnosticDescriptor[] descriptors =
        [
            .. typeof(Descriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>(),
        ];

        Assert.NotEmpty(descriptors);
        Assert.Equal(descriptors.Length, descriptors.Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(descriptors, descriptor =>
        {
            Assert.EndsWith("docs/diagnostics.md#" + descriptor.Id.ToLowerInvariant(), descriptor.HelpLinkUri, StringComparison.Ordinal);
            Assert.Contains($"## {descriptor.Id}\n\n**{descriptor.Title}", documentation.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        });
    }

    private static string FindUpwards(string path)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, path)))
            {
                return Path.Combine(folder, path);
            }
        }

        throw new FileNotFoundException($"No folder above {AppContext.BaseDirectory} has {path}.");
    }
}
