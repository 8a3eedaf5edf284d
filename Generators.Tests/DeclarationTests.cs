using System.Linq;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Where an annotated class may stand.</summary>
public class DeclarationTests
{
    private const string Attribute = "[Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 3)]";

    [Theory]
    [InlineData("{0} public partial class A;")]
    [InlineData("{0} internal sealed partial class A;")]
    [InlineData("{0} partial record A;")]
    [InlineData("namespace N; {0} public partial class A;")]
    [InlineData("namespace N.M; {0} public partial class A;")]
    [InlineData("namespace N {{ namespace M {{ {0} public partial class A; }} }}")]
    [InlineData("namespace @namespace.@record; {0} public partial class @class;")]
    [InlineData("{0} public partial class @record;")]
    [InlineData("public partial class Outer {{ {0} private partial class A; }}")]
    [InlineData("public partial class Outer {{ {0} protected internal partial class A; }}")]
    [InlineData("public partial struct Outer {{ {0} public partial class A; }}")]
    [InlineData("public readonly ref partial struct Outer {{ {0} public partial class A; }}")]
    [InlineData("public partial record Outer(int X) {{ {0} public partial class A; }}")]
    [InlineData("public partial record struct Outer(int X) {{ {0} public partial class A; }}")]
    [InlineData("public partial interface IOuter<T, U> {{ {0} public partial class A; }}")]
    [InlineData("public static partial class Outer {{ {0} public partial class A; }}")]
    [InlineData("public abstract partial class Outer<T> where T : class, new() {{ public partial struct Inner<@in> where @in : unmanaged {{ {0} public partial class A; }} }}")]
    [InlineData("{0} public partial class A; public partial class A {{ public int X; }}")]
    [InlineData("public class Base {{ protected Base(int x = 1) {{ }} }} {0} public partial class A : Base;")]
    public void A_partial_class_gets_code_that_compiles_wherever_it_stands(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, source, Attribute)).AssertCompiles();

        Assert.Single(run.Files);
    }

    [Fact]
    public void Hint_names_differ_by_namespace_nesting_arity_and_case()
    {
        string source = $$"""
            {{Attribute}} public partial class A;
            {{Attribute}} public partial class a;
            public partial class Outer { {{Attribute}} public partial class A; }
            public partial class Outer<T> { {{Attribute}} public partial class A; }
            public partial class Outer<T, U> { {{Attribute}} public partial class A; }
            namespace N { {{Attribute}} public partial class A; }
            namespace N.Outer { {{Attribute}} public partial class A; }
            """;

        GeneratorRun run = GeneratorHarness.Run("#pragma warning disable CS8981\n" + source).AssertCompiles();

        Assert.Equal(7, run.Files.Keys.Distinct(System.StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Hint_names_are_stable()
    {
        GeneratorRun run = GeneratorHarness.Run($"namespace N; {Attribute} public partial class Upsample;");

        Assert.Equal("Upsample.242405afd43c143856e2f244809949c8.g.cs", Assert.Single(run.Files).Key);
    }

    [Fact]
    public void Letters_that_file_names_forbid_do_not_reach_the_hint_name()
    {
        GeneratorRun run = GeneratorHarness.Run($"{Attribute} public partial class A\u0301\u203fB;").AssertCompiles();

        Assert.StartsWith("AB.", Assert.Single(run.Files).Key, System.StringComparison.Ordinal);
    }
}
