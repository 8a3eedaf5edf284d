using System.Globalization;
using Kernels.Layers;

namespace Kernels.Bench.Subjects;

/// <summary>The C# that a user would write for a layer.</summary>
internal static class LayerSource
{
    /// <summary>Writes an annotated class.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="spec">The layer.</param>
    public static string Write(string name, ConvolutionSpec spec)
    {
        string outputPadding = spec.Kind == ConvolutionKind.ConvTranspose2d
            ? $"OutputPaddingHeight = {spec.OutputPaddingHeight}, OutputPaddingWidth = {spec.OutputPaddingWidth}, "
            : string.Empty;
        string slope = spec.NegativeSlope.ToString("R", CultureInfo.InvariantCulture);
        return $"""
            using Kernels;

            [Quantized{spec.Kind}(InChannels = {spec.InChannels}, OutChannels = {spec.OutChannels},
                KernelHeight = {spec.KernelHeight}, KernelWidth = {spec.KernelWidth}, StrideHeight = {spec.StrideHeight}, StrideWidth = {spec.StrideWidth},
                PaddingHeight = {spec.PaddingHeight}, PaddingWidth = {spec.PaddingWidth}, {outputPadding}
                DilationHeight = {spec.DilationHeight}, DilationWidth = {spec.DilationWidth}, Groups = {spec.Groups}, InputHeight = {spec.InputHeight}, InputWidth = {spec.InputWidth}, Bias = {(spec.HasBias ? "true" : "false")},
                Activation = Activation.{spec.Activation}, NegativeSlope = {slope}f, WeightScheme = WeightScheme.{spec.WeightScheme})]
            public partial class {name};
            """;
    }
}
