using System;
using System.IO;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Networks as methods, compiled and run.</summary>
public class NetworkTests
{
    private const string Detector = """
        [QuantizedModel(Fuse = false)]
        public sealed partial class Network
        {
            [QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3, Stride = 2, Padding = 1)]
            private static partial Value Stem(Value x);

            [QuantizedConv2d(InChannels = 16, OutChannels = 16, Kernel = 1, Weights = "gate.0")]
            private static partial Value Squeeze(Value x);

            [QuantizedConvTranspose2d(InChannels = 16, OutChannels = 1, Kernel = 2, Stride = 2)]
            private static partial Value Up(Value x);

            private static Value Forward(Value x)
            {
                Value a = HardSwish(Stem(x));
                Value b = a + a * Gate(a);
                return Sigmoid(Up(b));
            }

            private static Value Gate(Value x) => Sigmoid(Squeeze(GlobalAvgPool(x)));
        }
        """;

    private static readonly Shape4 Shape = new(2, 3, 12, 14);

    private static SafetensorsFile Weights => new StateDict(1).Conv("Stem", 16, 3, 3).Conv("gate.0", 16, 16, 1).Layer("Up", 1, 16, 1, 2, 2).File();

    [Fact]
    public void A_network_computes_what_its_code_says()
    {
        using var network = new CompiledNetwork(Detector);
        var builder = new ModelBuilder(3);
        Value stem = builder.Add("stem", Modules.Conv2d(LayerWeights.Read(Weights, "Stem"), stride: 2, padding: 1), builder.Input);
        Value a = builder.Add("a", Modules.Hardswish(), stem);
        Value pool = builder.Add("pool", Modules.GlobalAvgPool2d(), a);
        Value squeeze = builder.Add("squeeze", Modules.Conv2d(LayerWeights.Read(Weights, "gate.0")), pool);
        Value gate = builder.Add("gate", Modules.Sigmoid(), squeeze);
        Value product = builder.Add("product", Modules.Mul(), a, gate);
        Value sum = builder.Add("sum", Modules.Add(), a, product);
        Value up = builder.Add("up", Modules.ConvTranspose2d(LayerWeights.Read(Weights, "Up"), stride: 2), sum);
        FloatModel expected = builder.Build(builder.Add("sigmoid", Modules.Sigmoid(), up));

        AnnotatedModel actual = network.Make(Weights);

        AssertSame(expected, actual);
    }

    [Fact]
    public void Functions_and_sums_are_fused_into_the_kernels_before_them()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Network
            {
                [QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3, Padding = 1)]
                private static partial Value Stem(Value x);

                [BatchNorm2d(Channels = 16)]
                private static partial Value Norm(Value x);

                [QuantizedConv2d(InChannels = 16, OutChannels = 16, Kernel = 3, Padding = 1)]
                private static partial Value Body(Value x);

                [QuantizedConvTranspose2d(InChannels = 16, OutChannels = 2, Kernel = 2, Stride = 2)]
                private static partial Value Up(Value x);

                private static Value Forward(Value x)
                {
                    Value a = HardSwish(Norm(Stem(x)));
                    a = a + Body(a);
                    return Sigmoid(LeakyReLU(Up(a), 0.2f));
                }
            }
            """);
        SafetensorsFile weights = new StateDict(11).Conv("Stem", 16, 3, 3).BatchNorm("Norm", 16).Conv("Body", 16, 16, 3).Layer("Up", 2, 16, 2, 2, 2).File();
        var builder = new ModelBuilder(3);
        Value stem = builder.Add("Stem", Modules.Conv2d(LayerWeights.Read(weights, "Stem"), padding: 1), builder.Input);
        Value a = builder.Add("swish", Modules.Hardswish(), builder.Add("norm", Modules.BatchNorm2d(BatchNorm(weights, "Norm")), stem));
        Value sum = builder.Add("sum", Modules.Add(), a, builder.Add("Body", Modules.Conv2d(LayerWeights.Read(weights, "Body"), padding: 1), a));
        Value up = builder.Add("Up", Modules.ConvTranspose2d(LayerWeights.Read(weights, "Up"), stride: 2), sum);
        FloatModel expected = builder.Build(builder.Add("sigmoid", Modules.Sigmoid(), builder.Add("leaky", Modules.LeakyReLU(0.2f), up))).FuseEpilogues();

        AnnotatedModel actual = network.Make(weights);

        Assert.Equal(["Stem", "Body", "Up", "sigmoid"], actual.Graph.LayerNames);
        Assert.Equal(
            ["Kernel.Conv2d_16x16_k3_p1_Add.g.cs", "Kernel.Conv2d_3x16_k3_p1_HardSwish.g.cs", "Kernel.ConvTranspose2d_16x2_k2_s2_LeakyRelu_0p2.g.cs"],
            network.Run.Kernels.Keys.Order(StringComparer.Ordinal));
        AssertSame(expected, actual);
    }

    [Fact]
    public void Layers_with_tensors_but_no_kernel_read_them_by_name_and_are_fused_where_a_kernel_can_end_with_them()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Network
            {
                [QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 3, Padding = 1)]
                private static partial Value Stem(Value x);

                [ChannelAffine(Channels = 8)]
                private static partial Value Scale(Value x);

                [PReLU(Channels = 8)]
                private static partial Value Slopes(Value x);

                [Constant(Channels = 8, Height = 1, Width = 1)]
                private static partial Value Anchor(Value x);

                [GroupNorm(Groups = 2, Channels = 8, Epsilon = 0.01f)]
                private static partial Value Groups(Value x);

                [InstanceNorm2d(Channels = 8)]
                private static partial Value Instances(Value x);

                [LayerNorm(Channels = 8)]
                private static partial Value Norm(Value x);

                [QuantizedConv2d(InChannels = 8, OutChannels = 3, Kernel = 1)]
                private static partial Value Head(Value x);

                private static Value Forward(Value x)
                {
                    Value a = Slopes(Scale(Stem(Quantize(x))));
                    a = a * Anchor(a);
                    Value norm = Quantize(Norm(Instances(Groups(Dequantize(a)))));
                    return Head(norm);
                }
            }
            """);
        StateDict file = new StateDict(17).Conv("Stem", 8, 3, 3).Conv("Head", 3, 8, 1).Tensor("Slopes.weight", [8], 0.5f).Tensor("Anchor.value", [1, 8, 1, 1], 1);
        foreach (string name in new[] { "Scale", "Groups", "Instances" })
        {
            file.Tensor(name + ".weight", [8], 1).Tensor(name + ".bias", [8], 1);
        }

        SafetensorsFile weights = file.File();
        float[] Values(string name) => weights[name].ToSingles();
        NormalizationParameters Read(string name, float epsilon = 1e-5f) => new(8, Values(name + ".weight"), Values(name + ".bias"), epsilon);
        var builder = new ModelBuilder(3);
        Value a = builder.Add("Stem", Modules.Conv2d(LayerWeights.Read(weights, "Stem"), padding: 1), builder.Add("quantize", Modules.QuantStub(), builder.Input));
        a = builder.Add("Scale", Modules.Affine(new AffineParameters(Values("Scale.weight"), Values("Scale.bias"))), a);
        a = builder.Add("Slopes", Modules.PReLU(Values("Slopes.weight")), a);
        a = builder.Add("mul", Modules.Mul(), a, builder.Add("Anchor", Modules.Constant(FloatTensor.FromNchw(new Shape4(1, 8, 1, 1), Values("Anchor.value"))), a));
        a = builder.Add("Groups", Modules.GroupNorm(2, Read("Groups", 0.01f)), builder.Add("dequantize", Modules.DeQuantStub(), a));
        a = builder.Add("Norm", Modules.LayerNorm(new NormalizationParameters(8)), builder.Add("Instances", Modules.InstanceNorm2d(Read("Instances")), a));
        FloatModel expected = builder.Build(builder.Add("Head", Modules.Conv2d(LayerWeights.Read(weights, "Head")), builder.Add("quantize_1", Modules.QuantStub(), a))).FuseEpilogues();

        AnnotatedModel actual = network.Make(weights);

        Assert.Equal(["quantize", "Stem", "Slopes", "Anchor", "mul", "dequantize", "Groups", "Instances", "Norm", "quantize_1", "Head"], actual.Graph.LayerNames);
        Assert.Contains("Kernel.Conv2d_3x8_k3_p1_ChannelAffine.g.cs", network.Run.Kernels.Keys);
        AssertSame(expected, actual);
    }

    [Fact]
    public void Functions_of_several_numbers_compute_what_the_layers_of_their_specs_do()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel(InputHeight = 12, InputWidth = 16)]
            public sealed partial class Network
            {
                [QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 1)]
                private static partial Value Stem(Value x);

                private static Value Forward(Value x)
                {
                    Value a = MaxPool(Stem(x), 3, 1, 2, 1, 1, 0, dilationWidth: 2, ceilMode: true);
                    a = AvgPool(a, 1, 3, 1, 2, 0, 1, countIncludePad: false);
                    a = Upsample(a, 2, 1.5, UpsampleMode.Bilinear, PixelCoordinates.HalfPixelSymmetric);
                    a = UpsampleTo(a, 6, 10, rounding: NearestRounding.Ceil);
                    a = PixelUnshuffle(PixelShuffle(a, 2, pixelsFirst: true), 2, pixelsFirst: true);
                    a = Cat(axis: 2, a, Pow(a, 2f));
                    return Permute(a, 0, 2, 1, 3);
                }
            }
            """);
        SafetensorsFile weights = new StateDict(18).Conv("Stem", 8, 3, 1).File();
        var builder = new ModelBuilder(3);
        Value a = builder.Add("Stem", Modules.Conv2d(LayerWeights.Read(weights, "Stem")), builder.Input);
        a = builder.Add("max", Modules.MaxPool2d(new PoolingSpec(3, 2, 1) { KernelWidth = 1, StrideWidth = 1, PaddingWidth = 0, DilationWidth = 2, CeilMode = true }), a);
        a = builder.Add("avg", Modules.AvgPool2d(new PoolingSpec(1, 1, 0) { KernelWidth = 3, StrideWidth = 2, PaddingWidth = 1, CountIncludePad = false }), a);
        a = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2, 1.5) with { Coordinates = PixelCoordinates.HalfPixelSymmetric }), a);
        a = builder.Add("to", Modules.Upsample(UpsampleSpec.ToSize(UpsampleMode.Nearest, 6, 10) with { Rounding = NearestRounding.Ceil }), a);
        a = builder.Add("unshuffle", Modules.PixelUnshuffle(new PixelShuffleSpec(2) { PixelsFirst = true }), builder.Add("shuffle", Modules.PixelShuffle(new PixelShuffleSpec(2) { PixelsFirst = true }), a));
        a = builder.Add("cat", Modules.Cat(axis: 2), a, builder.Add("pow", Modules.Pow(2), a));
        FloatModel expected = builder.Build(builder.Add("permute", Modules.Permute(0, 2, 1, 3), a)).FuseEpilogues();

        AnnotatedModel actual = network.Make(weights);

        AssertSame(expected, actual, new Shape4(1, 3, 12, 16));
        Assert.Empty(network.Run.Diagnostics);
        Assert.Contains("[N, 12, 8, 10]", network.Run.Files.Single(static file => file.Key.StartsWith("Network.", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Depthwise_kernels_end_with_bounds_and_numbers_too()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Network
            {
                [QuantizedConv2d(InChannels = 3, OutChannels = 8, Kernel = 1)]
                private static partial Value Stem(Value x);

                [QuantizedConv2d(InChannels = 8, OutChannels = 8, Kernel = 3, Padding = 1, Groups = 8)]
                private static partial Value Body(Value x);

                [QuantizedConv2d(InChannels = 8, OutChannels = 8, Kernel = 1)]
                private static partial Value Gate(Value x);

                private static Value Forward(Value x)
                {
                    Value a = Body(HardSigmoid(Stem(x))) * 2f + 0.5f;
                    Value b = Clip(1f - a, -1f, 0.75f) + a;
                    Value mean = Mean(b, 2, 3);
                    return (b + Gate(mean)) * HardSigmoid(mean);
                }
            }
            """);
        SafetensorsFile weights = new StateDict(12).Conv("Stem", 8, 3, 1).Conv("Body", 8, 1, 3).Conv("Gate", 8, 8, 1).File();
        var builder = new ModelBuilder(3);
        Value stem = builder.Add("Stem", Modules.Conv2d(LayerWeights.Read(weights, "Stem")), builder.Input);
        Value body = builder.Add("Body", Modules.Conv2d(LayerWeights.Read(weights, "Body"), padding: 1, groups: 8), builder.Add("hardsigmoid", Modules.Hardsigmoid(), stem));
        Value a = builder.Add("add", Affine(1f, 0.5f), builder.Add("mul", Affine(2f, 0f), body));
        Value clip = builder.Add("clip", Modules.Hardtanh(-1f, 0.75f), builder.Add("rsub", Affine(-1f, 1f), a));
        Value b = builder.Add("add_1", Modules.Add(), clip, a);
        Value mean = builder.Add("mean", Modules.Mean(new MeanSpec(2, 3)), b);
        Value gated = builder.Add("add_2", Modules.Add(), b, builder.Add("Gate", Modules.Conv2d(LayerWeights.Read(weights, "Gate")), mean));
        FloatModel expected = builder.Build(builder.Add("mul_1", Modules.Mul(), gated, builder.Add("hardsigmoid_1", Modules.Hardsigmoid(), mean))).FuseEpilogues();

        AnnotatedModel actual = network.Make(weights);

        Assert.Equal(expected.LayerNames, actual.Graph.LayerNames);
        Assert.Equal(
            ["Kernel.Conv2d_3x8_k1_HardSigmoid.g.cs", "Kernel.Conv2d_8x8_k1_in1.g.cs", "Kernel.Conv2d_8x8_k3_p1_g8_Affine_Affine.g.cs"],
            network.Run.Kernels.Keys.Order(StringComparer.Ordinal));
        AssertSame(expected, actual);

        static Module Affine(float scale, float shift) => Modules.Affine(new AffineParameters([scale], [shift]));
    }

    [Fact]
    public void Layers_are_named_as_in_the_code_and_functions_as_in_torch_fx()
    {
        using var network = new CompiledNetwork(Detector);

        Assert.Equal(
            ["Stem", "hardswish", "globalavgpool", "Squeeze", "sigmoid", "mul", "add", "Up", "sigmoid_1"],
            network.Make(Weights).Graph.LayerNames);
    }

    [Fact]
    public void A_layer_whose_padding_leaves_nothing_of_small_images_converts_and_runs_on_large_ones()
    {
        // Kernels are compiled over small images while their model is made.
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Network
            {
                [QuantizedConvTranspose2d(InChannels = 3, OutChannels = 2, Kernel = 3, Padding = 20)]
                private static partial Value Up(Value x);

                private static Value Forward(Value x) => Up(x);
            }
            """);
        AnnotatedModel model = network.Make(new StateDict(1).Layer("Up", 2, 3, 2, 3, 3).File());
        var batch = new FloatTensor(new Shape4(1, 3, 50, 60));
        for (int i = 0; i < batch.Data.Length; i++)
        {
            batch.Data[i] = i % 23 / 23f;
        }

        model.Prepare();
        model.Calibrate(batch);
        QuantizedModel int8 = model.Convert();

        Assert.Equal(new Shape4(1, 2, 12, 22), int8.OutputShape(batch.Shape));
        Assert.Equal(int8.WithGenericKernels().Forward(batch).Data.ToArray(), int8.Forward(batch).Data.ToArray());
    }

    [Fact]
    public void A_saved_network_is_loaded_with_the_classs_kernels_and_without_to_the_same_bytes()
    {
        using var network = new CompiledNetwork(Detector);
        QuantizedModel int8 = Convert(network.Make(Weights));
        FloatTensor x = StateDict.Batch(7, Shape);
        string path = Path.Combine(Path.GetTempPath(), $"network-{Guid.NewGuid():N}.safetensors");
        try
        {
            int8.Save(path);

            Assert.Equal(int8.Forward(x).ToNchw(), network.Load(path).Forward(x).ToNchw());
            Assert.Equal(int8.Forward(x).ToNchw(), QuantizedModel.Load(path).Forward(x).ToNchw());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_network_with_a_loop_runs_and_an_Info_says_that_it_is_not_compiled()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Network
            {
                [QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 3, Padding = 1)]
                private static partial Value Conv(Value x);

                private static Value Forward(Value x)
                {
                    for (int i = 0; i < 3; i++)
                    {
                        x = ReLU(Conv(x));
                    }

                    return x;
                }
            }
            """);
        SafetensorsFile weights = new StateDict(2).Conv("Conv", 4, 4, 3).File();
        var builder = new ModelBuilder(4);
        Value x = builder.Input;
        for (int i = 0; i < 3; i++)
        {
            x = builder.Add($"r{i}", Modules.ReLU(), builder.Add($"c{i}", Modules.Conv2d(LayerWeights.Read(weights, "Conv"), padding: 1), x));
        }

        AnnotatedModel actual = network.Make(weights);

        Diagnostic info = Assert.Single(network.Run.Diagnostics);
        Assert.Equal(("KRN033", DiagnosticSeverity.Info), (info.Id, info.Severity));
        Assert.StartsWith("KRN033 for (int i = 0;", Assert.Single(network.Run.Marked), StringComparison.Ordinal);
        Assert.Equal(["Conv", "relu", "Conv_1", "relu_1", "Conv_2", "relu_2"], actual.Graph.LayerNames);
        Assert.Equal(["Kernel.Conv2d_4x4_k3_p1.g.cs"], network.Run.Kernels.Keys);
        AssertSame(builder.Build(x), actual, new Shape4(1, 4, 9, 7));
    }

    [Fact]
    public void Blocks_have_weights_of_their_own()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel]
            public sealed partial class Block
            {
                [QuantizedConv2d(InChannels = 4, OutChannels = 4, Kernel = 1, Weights = "conv.0")]
                private static partial Value Conv(Value x);

                [BatchNorm2d(Channels = 4)]
                private static partial Value Norm(Value x);

                private static Value Forward(Value x) => x + Norm(Conv(x));
            }

            [QuantizedConv2d(InChannels = 4, OutChannels = 2, Kernel = 1)]
            public sealed partial class Head;

            [QuantizedModel(Fuse = false)]
            public sealed partial class Network
            {
                [QuantizedBlock(typeof(Block), Weights = "blocks.0")]
                private static partial Value First(Value x);

                [QuantizedBlock(typeof(Block))]
                private static partial Value Second(Value x);

                [QuantizedBlock(typeof(Head), Weights = "head")]
                private static partial Value Last(Value x);

                private static Value Forward(Value x) => Last(Second(First(x)));
            }
            """);
        SafetensorsFile weights = new StateDict(3)
            .Conv("blocks.0.conv.0", 4, 4, 1).BatchNorm("blocks.0.Norm", 4)
            .Conv("Second.conv.0", 4, 4, 1).BatchNorm("Second.Norm", 4)
            .Conv("head", 2, 4, 1).File();

        AnnotatedModel model = network.Make(weights);

        Assert.Empty(network.Run.Diagnostics);
        Assert.Equal(["First.Conv", "First.Norm", "First.add", "Second.Conv", "Second.Norm", "Second.add", "Last"], model.Graph.LayerNames);
        var builder = new ModelBuilder(4);
        Value x = builder.Input;
        foreach (string block in new[] { "blocks.0", "Second" })
        {
            Value conv = builder.Add(block + "c", Modules.Conv2d(LayerWeights.Read(weights, block + ".conv.0")), x);
            Value norm = builder.Add(block + "n", Modules.BatchNorm2d(BatchNorm(weights, block + ".Norm")), conv);
            x = builder.Add(block + "s", Modules.Add(), x, norm);
        }

        AssertSame(builder.Build(builder.Add("last", Modules.Conv2d(LayerWeights.Read(weights, "head")), x)), model, new Shape4(1, 4, 5, 6));
    }

    [Fact]
    public void Signals_are_images_of_one_row_with_PyTorchs_weights()
    {
        using var network = new CompiledNetwork("""
            [QuantizedModel(Fuse = false)]
            public sealed partial class Network
            {
                [QuantizedConv1d(InChannels = 5, OutChannels = 8, Kernel = 7, Padding = 3, Dilation = 1)]
                private static partial Value Pre(Value x);

                [QuantizedConvTranspose1d(InChannels = 8, OutChannels = 4, Kernel = 16, Stride = 8, Padding = 4, OutputPadding = 1)]
                private static partial Value Up(Value x);

                private static Value Forward(Value x) => Tanh(Up(LeakyReLU(Pre(x), 0.1f)));
            }
            """);
        SafetensorsFile weights = new StateDict(8).Layer("Pre", 8, 8, 5, 7).Layer("Up", 4, 8, 4, 16).File();

        AnnotatedModel model = network.Make(weights);

        var shape = new Shape4(2, 5, 1, 37);
        Assert.Equal(new Shape4(2, 4, 1, 36 * 8 - 8 + 16 + 1), model.OutputShape(shape));
        var builder = new ModelBuilder(5);
        LayerWeights pre = LayerWeights.Read(weights, "Pre");
        LayerWeights up = LayerWeights.Read(weights, "Up");
        Value x = builder.Add("pre", Modules.Convolution(
            new ConvolutionSpec { Kind = ConvolutionKind.Conv2d, InChannels = 5, OutChannels = 8, KernelHeight = 1, KernelWidth = 7, PaddingWidth = 3 },
            new LayerWeights(new FloatWeight(new Shape4(8, 5, 1, 7), pre.Weight.Data.ToArray()), pre.Bias.ToArray())), builder.Input);
        x = builder.Add("leaky", Modules.LeakyReLU(0.1f), x);
        x = builder.Add("up", Modules.Convolution(
            new ConvolutionSpec { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 8, OutChannels = 4, KernelHeight = 1, KernelWidth = 16, StrideWidth = 8, PaddingWidth = 4, OutputPaddingWidth = 1 },
            new LayerWeights(new FloatWeight(new Shape4(8, 4, 1, 16), up.Weight.Data.ToArray()), up.Bias.ToArray())), x);
        AssertSame(builder.Build(builder.Add("tanh", Modules.Tanh(), x)), model, shape);
    }

    [Theory]
    [InlineData("QuantizedConv1d(InChannels = 4, OutChannels = 4)", "KRN002 Kernels.QuantizedConv1d(InChannels = 4, OutChannels = 4)")]
    [InlineData("QuantizedConv1d(InChannels = 4, OutChannels = 4, Kernel = 9, InputLength = 8)", "KRN006 InputLength = 8")]
    [InlineData("QuantizedConvTranspose1d(InChannels = 4, OutChannels = 4, Kernel = 4, Stride = 2, OutputPadding = 2)", "KRN005 OutputPadding = 2")]
    public void A_wrong_number_of_a_signals_layer_is_marked(string attribute, string marked) =>
        Assert.Equal([marked], GeneratorHarness.Run($"[Kernels.{attribute}] public partial class A;").Marked);

    [Fact]
    public void Every_function_is_read_as_it_runs()
    {
        // The constructor holds what was compiled against what ran.
        using var network = new CompiledNetwork("""
            [QuantizedModel(InputChannels = 2)]
            public sealed partial class Network
            {
                private const float Slope = 0.1f;

                private static Value Forward(Value x)
                {
                    Value a = ReLU(x), b = ReLU6(a);
                    a = Cat(LeakyReLU(a), LeakyReLU(b, Slope), LeakyReLU(negativeSlope: 2 * Slope, x: HardSwish(b)));
                    a += Sigmoid(a);
                    a *= Tanh(a);
                    a = 1 - (2 * a - 0.5f) / 3 + 0.25f * (1 + a) - SiLU(a) / (Softplus(Mish(a), 2f) + 1);
                    a = ELU(GELU(a, GeluApproximation.Tanh), 0.5f) + HardSigmoid(Clip(a, -1, max: 1));
                    a = Slice(a, 1, 0, 3) * Mean(a, 1) + Slice(a, axis: 1, start: -3) * Mean(Slice(a, 1, 0, 3), 2, 3);
                    a = PixelShuffle(PixelUnshuffle(Cat(a, a), 2), factor: 2);
                    a = a + AdaptiveAvgPool(a, 1, 1);
                    var parts = new[] { MaxPool(a, 2), MaxPool(a, 2, 2, padding: 0), AvgPool(a, kernel: 2, padding: 0, stride: 2) };
                    Value joined = Cat(parts);
                    Value[] more = [joined, Cat([parts[0], parts[1], parts[2]])];
                    joined = more[0] + more[1];
                    joined = Upsample(Upsample(joined, 2), scale: 0.5, UpsampleMode.Bilinear);
                    joined = Crop(Pad(joined, 1), 1);
                    joined = Crop(Pad(joined, 1, 2, 3, 4, PadMode.Replicate, value: 0.5f), left: 1, right: 2, top: 3, bottom: 4);
                    joined = Pad(joined, 2, mode: PadMode.Reflect);
                    bool twice = Slope > 0;
                    if (twice)
                    {
                        joined = Helper.Twice(joined);
                    }

                    Value gate = true ? GlobalAvgPool(joined) : joined;
                    Value unused = ReLU(joined);
                    return Flatten(Mul(Add(joined, joined), gate));
                }
            }

            internal static class Helper
            {
                public static Value Twice(Value x)
                {
                    Value y = x + x;
                    return y;
                }
            }
            """);
        Assert.Empty(network.Run.Diagnostics);

        AnnotatedModel model = network.Make(new StateDict(4).File());

        Assert.Equal(3 * 6 * 12 * 12, model.OutputShape(new Shape4(1, 2, 16, 16)).C);
        Assert.DoesNotContain("relu_1", model.Graph.LayerNames);
    }

    [Fact]
    public void A_plan_that_the_code_does_not_follow_is_refused_with_the_first_difference()
    {
        static Value Forward(Value x) => Functions.ReLU(Functions.MaxPool(x, 2));
        const string Plan = "maxpool = MaxPool[2, 0, 0](input)\nrelu = ReLU(maxpool)";
        SafetensorsFile weights = new StateDict(5).File();

        Assert.Equal(2, ModelTracer.Trace(typeof(NetworkTests), weights, Forward, [], 3, Plan).LayerNames.Count);
        string message = Assert.Throws<InvalidOperationException>(() => ModelTracer.Trace(typeof(NetworkTests), weights, Forward, [], 3, Plan.Replace("[2,", "[3,", StringComparison.Ordinal))).Message;

        Assert.Contains("maxpool = MaxPool[3, 0, 0](input)", message, StringComparison.Ordinal);
        Assert.Contains("maxpool = MaxPool[2, 0, 0](input)", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ModelTracer.Trace(typeof(NetworkTests), weights, Forward, [], 3, Plan + "\nrelu_1 = ReLU(relu)"));
        Assert.Throws<InvalidOperationException>(() => ModelTracer.Trace(typeof(NetworkTests), weights, Forward, [], 3, "maxpool = MaxPool[2, 0, 0](input)"));
    }

    [Fact]
    public void All_weights_that_do_not_fit_are_named_at_once()
    {
        using var network = new CompiledNetwork(Detector);
        SafetensorsFile weights = new StateDict(6)
            .Conv("stem", 16, 3, 3) // the name in lower case
            .Conv("gate.0", 16, 8, 1) // other channels
            .Tensor("Up.weight", [16, 1, 2, 2], 1) // no bias
            .Tensor("extra", [4], 1)
            .Tensor("bn.num_batches_tracked", [1], 1)
            .File();

        string[] message = Assert.Throws<InvalidDataException>(() => network.Make(weights)).Message.Split('\n');

        Assert.Equal("The weights do not fit Network:", message[0]);
        Assert.Equal(
            [
                "- Stem: the file has no tensor \"Stem.weight\", but \"stem.weight\": name it with Weights on the layer's attribute",
                "- Stem: the file has no tensor \"Stem.bias\", but \"stem.bias\": name it with Weights on the layer's attribute",
                "- Squeeze: needs weights of shape [16, 16, 1, 1], but the tensor \"gate.0.weight\" (F32 [16, 8, 1, 1]) has another",
                "- Up: the file has no tensor \"Up.bias\": set Bias = false on the layer's attribute if it has none",
                "- the tensor \"extra\" is no layer's",
                "- the tensor \"stem.bias\" is no layer's",
                "- the tensor \"stem.weight\" is no layer's",
            ],
            message[1..]);
    }

    private static BatchNormParameters BatchNorm(SafetensorsFile file, string name) => new(
        file[name + ".running_mean"].ToSingles(), file[name + ".running_var"].ToSingles(), file[name + ".weight"].ToSingles(), file[name + ".bias"].ToSingles());

    private static void AssertSame(FloatModel expected, AnnotatedModel actual) => AssertSame(expected, actual, Shape);

    // Float values, and int8 codes after the same calibration: generated kernels against generic ones.
    private static void AssertSame(FloatModel expected, AnnotatedModel actual, Shape4 shape)
    {
        FloatTensor x = StateDict.Batch(7, shape);
        float[] values = expected.Forward(x).ToNchw();
        Assert.Equal(values, actual.Forward(x).ToNchw());
        Assert.True(values.Distinct().Count() > 20, "The outputs are all alike: nothing is shown.");
        expected.Prepare(QConfig.FullRange);
        expected.Calibrate(x);
        Assert.Equal(expected.Convert().Forward(x).ToNchw(), Convert(actual, x).Forward(x).ToNchw());
    }

    private static QuantizedModel Convert(AnnotatedModel model) => Convert(model, StateDict.Batch(7, Shape));

    private static QuantizedModel Convert(AnnotatedModel model, FloatTensor batch)
    {
        model.Prepare(QConfig.FullRange);
        model.Calibrate(batch);
        return model.Convert();
    }
}
