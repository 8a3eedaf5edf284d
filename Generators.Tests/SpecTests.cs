using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

public class SpecTests
{
    [Fact]
    public void Specs_with_equal_elements_are_equal()
    {
        var one = new TypeSpec("N", new EquatableArray<EnclosingType>([new("partial class Outer")]), "A", "partial class A", "N.Outer.A");
        var two = new TypeSpec("N", new EquatableArray<EnclosingType>([new("partial class Outer")]), "A", "partial class A", "N.Outer.A");

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
    }
}
