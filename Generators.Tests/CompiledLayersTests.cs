using System;
using Kernels.Generators.Tests.Support;
using Xunit;
using Xunit.Sdk;

namespace Kernels.Generators.Tests;

/// <summary>The helper that other tests compile layers with.</summary>
public class CompiledLayersTests
{
    private const string Layer = "namespace N; [Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 3)] public partial class A;";

    [Fact]
    public void A_compiled_layer_shares_the_runtime_of_the_test()
    {
        using CompiledLayers layers = CompiledLayers.Compile(Layer);

        Attribute attribute = Attribute.GetCustomAttribute(layers.Type("N.A"), typeof(QuantizedConv2dAttribute))!;
        Assert.Equal(3, ((QuantizedConv2dAttribute)attribute).Kernel);
    }

    [Fact]
    public void A_compile_error_shows_the_lines_around_it()
    {
        XunitException error = Assert.ThrowsAny<XunitException>(() => CompiledLayers.Compile(Layer + "\n\npublic class B : Missing;\n"));

        Assert.Contains("CS0246", error.Message, StringComparison.Ordinal);
        Assert.Contains("3> public class B : Missing;", error.Message, StringComparison.Ordinal);
    }
}
