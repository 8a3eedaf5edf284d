using System;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>What is said of a network's code, and which text it marks.</summary>
public class NetworkDiagnosticTests
{
    private const string Conv = "[QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)] private static partial Value Conv(Value x);";
    private const string Next = "[QuantizedConv2d(InChannels = 16, OutChannels = 8, Kernel = 3)] private static partial Value Next(Value x);";

    [Theory]
    [InlineData(Conv, "KRN030 Network")]
    [InlineData(Conv + "private Value Forward(Value x) => x;", "KRN030 Network")]
    [InlineData(Conv + "private static int Forward(int x) => x;", "KRN030 Network")]
    [InlineData("[QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)] private static Value Conv(Value x) => x; static Value Forward(Value x) => Conv(x);", "KRN031 Conv")]
    [InlineData("[QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)] private partial Value Conv(Value x); static Value Forward(Value x) => ReLU(x);", "KRN031 Conv")]
    [InlineData("[BatchNorm2d(Channels = 3)] private static partial Value Norm(Value x, Value y); static Value Forward(Value x) => ReLU(x);", "KRN031 Norm")]
    [InlineData("[BatchNorm2d(Channels = 3)] static partial Value Norm(Value x); static Value Forward(Value x) => Norm(x);", "KRN031 Norm")]
    [InlineData("[BatchNorm2d] private static partial Value Norm(Value x); static Value Forward(Value x) => Norm(x);", "KRN002 BatchNorm2d")]
    [InlineData("[QuantizedConv2d(InChannels = 0, OutChannels = 16, Kernel = 3)] private static partial Value Conv(Value x); static Value Forward(Value x) => Conv(x);", "KRN003 InChannels = 0")]
    [InlineData(Conv + Next + "static Value Forward(Value x) => Next(ReLU(Next(Conv(x))));", "KRN034 Next(ReLU(Next(Conv(x))))")]
    [InlineData(Conv + Next + "static Value Forward(Value x) { Value a = Conv(x); return Next(a) + a; }", "KRN034 Next(a) + a")]
    [InlineData(Conv + "[BatchNorm2d(Channels = 8)] private static partial Value Norm(Value x); static Value Forward(Value x) => Norm(Conv(x));", "KRN034 Norm(Conv(x))")]
    [InlineData("[GroupNorm(Channels = 3)] private static partial Value Norm(Value x); static Value Forward(Value x) => Norm(x);", "KRN002 GroupNorm(Channels = 3)")]
    [InlineData("[PReLU(Channels = 0)] private static partial Value Slopes(Value x); static Value Forward(Value x) => Slopes(x);", "KRN003 Channels = 0")]
    [InlineData(Conv + "[LayerNorm(Channels = 8)] private static partial Value Norm(Value x); static Value Forward(Value x) => Norm(Conv(x));", "KRN034 Norm(Conv(x))")]
    [InlineData(Conv + Next + "static Value Forward(Value x) => Cat(axis: 2, Conv(x), Next(Conv(x)));", "KRN034 Cat(axis: 2, Conv(x), Next(Conv(x)))")]
    [InlineData(Conv + "static Value Forward(Value x) => Loop(Conv(x)); static Value Loop(Value x) => Loop(ReLU(x));", "KRN035 Loop(ReLU(x))")]
    [InlineData(Conv + "[QuantizedBlock(typeof(Network))] private static partial Value Again(Value x); static Value Forward(Value x) => Again(Conv(x));", "KRN035 Again(Conv(x))")]
    [InlineData("[QuantizedBlock(typeof(string))] private static partial Value Text(Value x); static Value Forward(Value x) => Text(x);", "KRN036 QuantizedBlock(typeof(string))")]
    [InlineData(Conv + "static Value Forward(Value x) => Other.Layer(Conv(x));", "KRN037 Other.Layer(Conv(x))")]
    [InlineData(Conv + "static Value Forward(Value x) => Other.Forward(Conv(x));", "KRN037 Other.Forward(Conv(x))")]
    [InlineData("static Value Forward(Value x) => ReLU(x);", "KRN038 QuantizedModel")]
    [InlineData("[PReLU] private static partial Value Layers(Value x); static Value Forward(Value x) => Layers(x);", "KRN015 Network")]
    public void What_is_wrong_is_marked(string members, string marked)
    {
        GeneratorRun run = Run(members);

        Assert.Equal([marked], run.Marked);
        Assert.DoesNotContain(run.Files.Keys, static name => name.StartsWith("Network", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("while (true) { x = ReLU(x); }", "while (true) { x = ReLU(x); }", "a loop")]
    [InlineData("if (Environment.Is64BitProcess) { x = ReLU(x); } return x;", "Environment.Is64BitProcess", "at run time")]
    [InlineData("return x.Channels > 3 ? x : ReLU(x);", "x.Channels > 3", "straight-line")]
    [InlineData("Func<Value, Value> f = ReLU; return f(x);", "ReLU", "straight-line")]
    [InlineData("return Cat([.. new[] { x }]);", "[.. new[] { x }]", "straight-line")]
    [InlineData("State = x; return ReLU(State);", "State", "only locals")]
    [InlineData("return LeakyReLU(x, Environment.ProcessorCount);", "Environment.ProcessorCount", "at run time")]
    [InlineData("return x.Name.Length switch { 1 => x, _ => ReLU(x) };", "x.Name.Length switch { 1 => x, _ => ReLU(x) }", "a switch")]
    [InlineData("return Kernels.Models.Functions.ReLU(string.Concat(x, x) is null ? x : x);", "string.Concat(x, x) is null", "straight-line")]
    public void What_cannot_be_read_gets_an_Info_and_the_network_is_generated(string body, string marked, string reason)
    {
        GeneratorRun run = Run(Conv + "public static Value? State; static Value Forward(Value x) { x = Conv(x); " + body + " }").AssertCompiles();

        Assert.Equal(["KRN033 " + marked], run.Marked);
        Assert.Contains(reason, Assert.Single(run.Diagnostics).GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("layer by layer", run.Files.Single(static file => file.Key.StartsWith("Network.", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misfit_of_channels_names_both_shapes() =>
        Assert.Equal(
            "'Next_1' cannot take [N, 8, H, W]: it reads [N, 16, H, W]",
            Assert.Single(Run(Conv + Next + "static Value Forward(Value x) => Next(ReLU(Next(Conv(x))));").Diagnostics).GetMessage(null));

    [Theory]
    [InlineData(8, "Next(MaxPool(Conv(x), 4))", "KRN034 Next(MaxPool(Conv(x), 4))", "'Next' cannot take [N, 16, 1, 1]: the kernel is larger than the padded input")]
    [InlineData(8, "Conv(x) + Conv(Crop(x, 1))", "KRN034 Conv(x) + Conv(Crop(x, 1))", "'add' cannot take [N, 16, 6, 6] and [N, 16, 4, 4]: along each axis they must have the same size, or one of them 1")]
    [InlineData(8, "Conv(Crop(x, 4))", "KRN034 Crop(x, 4)", "'crop' cannot take [N, 3, 8, 8]: nothing of it would be left")]
    [InlineData(2, "Conv(x)", "KRN034 Conv(x)", "'Conv' cannot take [N, 3, 2, 2]: the kernel is larger than the padded input")]
    public void A_misfit_of_known_sizes_is_marked(int size, string expression, string marked, string message)
    {
        GeneratorRun run = Run(Conv + Next + $"static Value Forward(Value x) => {expression};", $"QuantizedModel(InputHeight = {size}, InputWidth = {size})");

        Assert.Equal([marked], run.Marked);
        Assert.Equal(message, Assert.Single(run.Diagnostics).GetMessage(null));
    }

    [Theory]
    [InlineData("InputChannels = -1")]
    [InlineData("InputHeight = 16385")]
    [InlineData("InputWidth = -1")]
    public void A_size_out_of_range_is_marked(string argument) =>
        Assert.Equal(["KRN003 " + argument], Run(Conv + "static Value Forward(Value x) => Conv(x);", $"QuantizedModel({argument})").Marked);

    [Fact]
    public void A_misfit_within_a_block_is_marked_where_the_block_is_called()
    {
        GeneratorRun run = Run(Conv + "[QuantizedBlock(typeof(Other))] private static partial Value Block(Value x); static Value Forward(Value x) => Block(Conv(x));");

        Assert.Equal(["KRN034 Block(Conv(x))"], run.Marked);
        Assert.Contains("'Block.Layer' cannot take [N, 16, H, W]", Assert.Single(run.Diagnostics).GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layers_method_outside_of_a_network_is_marked() =>
        Assert.Equal(
            ["KRN032 Conv"],
            GeneratorHarness.Run(CompiledNetwork.Source($"public partial class Plain {{ {Conv} }}")).Marked);

    private static GeneratorRun Run(string members, string attribute = "QuantizedModel") => GeneratorHarness.Run(
        "using System;\n" + CompiledNetwork.Source($$"""
        [{{attribute}}]
        public sealed partial class Network
        {
            {{members}}
        }
        """),
        CompiledNetwork.Source("""
            [QuantizedModel]
            public sealed partial class Other
            {
                [QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 1)] public static partial Value Layer(Value x);

                public static Value Forward(Value x) => Layer(x);
            }
            """));
}
