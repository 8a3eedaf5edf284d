extern alias generators;

using System;
using System.Linq;
using generators::Kernels.Geometry;
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

    [Fact]
    public void Kernels_of_different_specs_have_different_names_in_any_case()
    {
        LayerSpec plain = Layer with { Activation = ActivationKind.None, NegativeSlope = 0.01f };
        AxisSpec[] axes =
        [
            .. from kernel in new[] { 1, 3, 13 }
               from stride in new[] { 1, 2 }
               from padding in new[] { 0, 1 }
               from output in new[] { 0, 1 }
               from dilation in new[] { 1, 3 }
               from size in new[] { 0, 31 }
               select new AxisSpec(kernel, stride, padding, output, dilation, size),
        ];
        LayerSpec[] specs =
        [
            .. from vertical in axes
               from horizontal in axes
               select plain with { Vertical = vertical, Horizontal = horizontal },
            .. from kind in new[] { LayerKind.Conv2d, LayerKind.ConvTranspose2d }
               from channels in new[] { (1, 11), (11, 1), (111, 1) }
               from groups in new[] { 1, 11 }
               from bias in new[] { true, false }
               from scheme in new[] { true, false }
               from code in new[] { true, false }
               from activation in new[] { (ActivationKind.None, 0.01f), (ActivationKind.Relu, 0.01f), (ActivationKind.Relu6, 0.01f), (ActivationKind.LeakyRelu, 0.1f), (ActivationKind.LeakyRelu, -0.1f), (ActivationKind.LeakyRelu, 1e-8f), (ActivationKind.LeakyRelu, 1e8f), (ActivationKind.LeakyRelu, 0.10000001f) }
               select plain with
               {
                   Kind = kind, InChannels = channels.Item1, OutChannels = channels.Item2, Groups = groups, HasBias = bias, PerChannelWeights = scheme,
                   MachineCode = code, Activation = activation.Item1, NegativeSlope = activation.Item2,
               },
        ];

        Assert.Equal(specs.Distinct().Count(), specs.Select(KernelName.Of).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(specs.Select(KernelName.Of), name => Assert.Matches("^[A-Za-z0-9_]+$", name));
    }

    [Fact]
    public void A_kernels_name_says_what_is_not_the_default()
    {
        LayerSpec spec = Layer with { Vertical = new AxisSpec(3, 2, 1, 0, 1), Horizontal = new AxisSpec(3, 2, 1, 0, 1), Kind = LayerKind.Conv2d };

        Assert.Equal("Conv2d_16x3_k3_s2_p1_LeakyRelu_0p1", KernelName.Of(spec));
        Assert.Equal("ConvTranspose2d_16x3_k3_s2_p1_op1x0_LeakyRelu_0p1", KernelName.Of(Layer));
    }

    private static AnnotatedLayer Model(string outer) => new(
        new TypeSpec("N", new EquatableArray<EnclosingType>([new($"partial class {outer}")]), "A", "partial class A", "A.0.g"),
        Layer with { });
}
