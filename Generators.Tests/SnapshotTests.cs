using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Snapshooter.Exceptions;
using Xunit;
using Xunit.Sdk;

namespace Kernels.Generators.Tests;

/// <summary>
/// The generated code of several plans, letter by letter, in <c>__snapshots__</c>. When emission changes on purpose:
/// <code>
/// KERNELS_ACCEPT_SNAPSHOTS=1 dotnet test Generators.Tests -c Release --filter FullyQualifiedName~SnapshotTests
/// git diff Generators.Tests/__snapshots__
/// </code>
/// writes them anew and shows what changed; commit both together.
/// </summary>
public class SnapshotTests
{
    private static readonly Dictionary<string, string> Layers = new()
    {
        ["Conv2d_with_LeakyRelu"] =
            "QuantizedConv2d(InChannels = 3, OutChannels = 32, Kernel = 3, Activation = Kernels.Activation.LeakyRelu, NegativeSlope = 0.1f)",
        ["ConvTranspose2d_to_few_channels"] =
            "QuantizedConvTranspose2d(InChannels = 16, OutChannels = 3, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1)",
        ["ConvTranspose2d_with_kernel_equal_to_stride"] =
            "QuantizedConvTranspose2d(InChannels = 8, OutChannels = 16, Kernel = 2, Stride = 2, Activation = Kernels.Activation.Relu)",
        ["Conv2d_in_groups"] =
            "QuantizedConv2d(InChannels = 12, OutChannels = 40, Kernel = 1, Groups = 2, Bias = false)",
        ["Conv2d_depthwise"] =
            "QuantizedConv2d(InChannels = 24, OutChannels = 24, Kernel = 3, Stride = 2, Padding = 1, Groups = 24, Activation = Kernels.Activation.Relu6)",
        ["Conv2d_dilated"] =
            "QuantizedConv2d(InChannels = 4, OutChannels = 20, KernelHeight = 2, KernelWidth = 3, Dilation = 2, WeightScheme = Kernels.WeightScheme.PerTensor)",
        ["Conv2d_strided_to_few_channels"] =
            "QuantizedConv2d(InChannels = 16, OutChannels = 2, Kernel = 3, Stride = 2, Padding = 1)",
        ["Conv2d_of_known_size"] =
            "QuantizedConv2d(InChannels = 8, OutChannels = 32, Kernel = 3, Padding = 1, InputHeight = 14, InputWidth = 14)",
        ["ConvTranspose2d_of_known_size"] =
            "QuantizedConvTranspose2d(InChannels = 8, OutChannels = 3, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1, InputHeight = 20, InputWidth = 40)",
    };

    /// <summary>The snapshots of single layers.</summary>
    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void The_code_of_a_layer_is_as_committed(string name)
    {
        GeneratorRun run = GeneratorHarness.Run($"namespace Network;\n\n[Kernels.{Layers[name]}]\npublic partial class Layer;\n").AssertCompiles();

        TextSnapshot.Match(name, run.Text);
    }

    [Fact]
    public void The_code_of_a_model_is_as_committed()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            namespace Networks;

            public static partial class Upscalers
            {
                [Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3)]
                public partial class First;

                [Kernels.QuantizedConvTranspose2d(InChannels = 16, OutChannels = 3, Kernel = 4, Stride = 2, Padding = 1)]
                public partial class Second;

                [Kernels.QuantizedSequential(typeof(First), typeof(Second))]
                public sealed partial class Small;
            }
            """).AssertCompiles();

        TextSnapshot.Match("Sequential", run.Files.Single(file => file.Key.StartsWith("Small.", System.StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void A_missing_snapshot_is_an_error_and_not_written()
    {
        Assert.Throws<SnapshotNotFoundException>(() => TextSnapshot.Match("Missing", "text", accept: false));

        Assert.False(File.Exists(Path.Combine(TextSnapshot.Folder, "Missing.snap")));
        File.Delete(Path.Combine(TextSnapshot.Mismatches, "Missing.snap"));
    }

    [Fact]
    public void A_letter_that_differs_is_an_error()
    {
        TextSnapshot.Match("Scratch", "one\ntwo", accept: true);

        Assert.ThrowsAny<XunitException>(() => TextSnapshot.Match("Scratch", "one\nTwo", accept: false));
        TextSnapshot.Match("Scratch", "one\ntwo", accept: false);

        File.Delete(Path.Combine(TextSnapshot.Folder, "Scratch.snap"));
        File.Delete(Path.Combine(TextSnapshot.Mismatches, "Scratch.snap"));
    }

    [Fact]
    public void Every_snapshot_has_a_test() =>
        Assert.Equal(
            Layers.Keys.Append("Sequential").Order(System.StringComparer.Ordinal),
            Directory.GetFiles(TextSnapshot.Folder, "*.snap").Select(path => Path.GetFileNameWithoutExtension(path)).Order(System.StringComparer.Ordinal));
}
