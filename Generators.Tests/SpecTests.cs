using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>The pipeline caches by these equalities.</summary>
public class SpecTests
{
    private static readonly LayerSpec Layer = new(
        LayerKind.ConvTranspose2d, 16, 3, new AxisSpec(3, 2, 1, 1, 1), new AxisSpec(3, 2, 1, 0, 1), 1, true, ActivationKind.LeakyRelu, 0.1f, true);

    [Fact]
    public void Specs_with_equal_elements_are_equal()
    {
        AnnotatedLayer one = Model("Outer");
        AnnotatedLayer two = Model("Outer");

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
    }

    [Fact]
    public void Specs_with_another_element_are_not_equal()
    {
        Assert.NotEqual(Model("Outer"), Model("Other"));
        Assert.NotEqual(Layer, Layer with { Horizontal = Layer.Horizontal with { OutputPadding = 1 } });
        Assert.NotEqual(Layer, Layer with { NegativeSlope = 0.2f });
    }

    [Fact]
    public void No_array_equals_an_empty_one()
    {
        Assert.Equal(default, new EquatableArray<string>([]));
        Assert.NotEqual(default, new EquatableArray<string>([""]));
    }

    private static AnnotatedLayer Model(string outer) => new(
        new TypeSpec("N", new EquatableArray<EnclosingType>([new($"partial class {outer}")]), "A", "partial class A", "A.0.g"),
        Layer with { });
}
