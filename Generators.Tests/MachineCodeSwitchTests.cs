using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Who may switch machine code off, and what is left then.</summary>
public class MachineCodeSwitchTests
{
    private const string Off = "[assembly: Kernels.MachineCodeDefault(false)]";

    private static readonly string[] Layers =
    [
        "[Kernels.QuantizedConv2d(InChannels = 4, OutChannels = 32, Kernel = 1{0})] public partial class A;",
        "[Kernels.QuantizedConvTranspose2d(InChannels = 4, OutChannels = 3, Kernel = 3, Stride = 2{0})] public partial class A;",
        "[Kernels.QuantizedLinear(InFeatures = 8, OutFeatures = 20{0})] public partial class A;",
    ];

    /// <summary>A layer of each kind, and of each dataflow that has machine code.</summary>
    public static TheoryData<string> Kinds => [.. Layers];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Layers_have_machine_code_unless_it_is_switched_off(string layer) => Assert.True(HasMachineCode(Layer(layer, "")));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_layer_without_machine_code_holds_no_bytes_of_it(string layer) => Assert.False(HasMachineCode(Layer(layer, ", MachineCode = false")));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_assembly_without_machine_code_holds_no_bytes_of_it(string layer) => Assert.False(HasMachineCode(Layer(layer, ""), Off));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_layer_that_says_itself_is_not_ruled_by_its_assembly(string layer)
    {
        Assert.True(HasMachineCode(Layer(layer, ", MachineCode = true"), Off));
        Assert.False(HasMachineCode(Layer(layer, ", MachineCode = false"), Off.Replace("false", "true", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void An_edit_of_the_assembly_attribute_generates_its_layers_anew()
    {
        GeneratorRun run = GeneratorHarness.Run(Layer(Layers[0], ""), "// Nothing here.");

        GeneratorRun edited = run.Edit(1, Off);
        GeneratorRun again = edited.Edit(1, Off + " // As before.");

        Assert.Contains(edited.Steps, step => step.Name == TrackingNames.Kernel && !step.IsReused);
        Assert.DoesNotContain("Routines", edited.Text);
        Assert.All(again.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void An_edit_of_the_assembly_attribute_leaves_layers_alone_that_say_themselves()
    {
        GeneratorRun run = GeneratorHarness.Run(Layer(Layers[0], ", MachineCode = true"), "// Nothing here.");

        GeneratorRun edited = run.Edit(1, Off);

        Assert.All(edited.Steps, step => Assert.True(step.IsReused, step.ToString()));
    }

    [Fact]
    public void A_layer_without_machine_code_gives_the_same_bytes_and_says_why()
    {
        ConvolutionCase item = ConvolutionCase.Fill(Spec, new Shape4(1, 16, 5, 7), new System.Random(1));
        using CompiledLayers layers = CompiledLayers.Compile(Off, LayerSource.Of([LayerSource.Convolution(Spec)]));

        IQuantizedLayer layer = new GeneratedLayers(layers.Assembly).Create(0, item.Weight, item.Bias, item.Input.Quantization, item.Output);
        byte[] output = layer.Forward(item.Input).ToNchw();

        Assert.Equal(item.Expected().ToNchw(), output);
        KernelInfo info = GeneratedLayers.Info(layer);
        Assert.Equal("generated without: switched off by an attribute of the layer or its assembly", info.MachineCodeRefusal);
        Assert.NotEqual("Avx512Vnni", info.Tier);
    }

    private static ConvolutionSpec Spec => new() { Kind = ConvolutionKind.Conv2d, InChannels = 16, OutChannels = 24, KernelHeight = 3, KernelWidth = 3 };

    private static string Layer(string layer, string argument) => layer.Replace("{0}", argument, System.StringComparison.Ordinal);

    private static bool HasMachineCode(params string[] sources)
    {
        string text = GeneratorHarness.Run(sources).AssertCompiles().Text;
        IEnumerable<bool> signs = new[] { "Routines", "MachineCode.Load", "UsesMachineCode", "Avx512Vnni" }.Select(sign => text.Contains(sign, System.StringComparison.Ordinal));
        return Assert.Single(signs.Distinct());
    }
}
