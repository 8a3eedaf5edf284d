using System.Globalization;
using System.Linq;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Generated text does not depend on the machine's language.</summary>
public class CultureTests
{
    private const string Source = """
        [Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 32, Kernel = 3, Padding = 1, Activation = Kernels.Activation.LeakyRelu, NegativeSlope = -0.125f)]
        public partial class InConvolution;
        [Kernels.QuantizedConvTranspose2d(InChannels = 16, OutChannels = 3, Kernel = 4, Stride = 2, Padding = 1)]
        public partial class Upsample;
        [Kernels.QuantizedConv2d(InChannels = -3, OutChannels = 3, Kernel = 3)]
        public partial class Wrong;
        """;

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    [InlineData("sv-SE")]
    public void Every_culture_gives_the_same_text(string culture)
    {
        (string[] Files, string[] Messages) expected = Generate(CultureInfo.InvariantCulture);

        (string[] Files, string[] Messages) actual = Generate(CultureInfo.GetCultureInfo(culture));

        Assert.Equal(expected.Files, actual.Files);
        Assert.Equal(expected.Messages, actual.Messages);
    }

    private static (string[] Files, string[] Messages) Generate(CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            GeneratorRun run = GeneratorHarness.Run(Source);
            Assert.Equal(2, run.Files.Count);
            return (
                [.. run.Files.Concat(run.Kernels).OrderBy(file => file.Key, System.StringComparer.Ordinal).Select(file => file.Key + "\n" + file.Value)],
                [.. run.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
