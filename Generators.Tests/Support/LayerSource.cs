using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>Annotated classes for layer specs, as a user would write them.</summary>
internal static class LayerSource
{
    /// <summary>One public partial class <c>Layers.L{n}</c> for each spec.</summary>
    public static string Of(IReadOnlyList<ConvolutionSpec> specs)
    {
        var source = new StringBuilder("namespace Layers;\n\n");
        for (int i = 0; i < specs.Count; i++)
        {
            source.Append(Attribute(specs[i])).Append('\n');
            source.Append(CultureInfo.InvariantCulture, $"public partial class L{i};\n\n");
        }

        return source.ToString();
    }

    /// <summary>The attribute that asks for a layer.</summary>
    public static string Attribute(ConvolutionSpec spec)
    {
        string[] outputPadding = spec.Kind == ConvolutionKind.ConvTranspose2d
            ? [$"OutputPaddingHeight = {spec.OutputPaddingHeight}", $"OutputPaddingWidth = {spec.OutputPaddingWidth}"]
            : [];
        IEnumerable<string> arguments =
        [
            $"InChannels = {spec.InChannels}",
            $"OutChannels = {spec.OutChannels}",
            $"KernelHeight = {spec.KernelHeight}",
            $"KernelWidth = {spec.KernelWidth}",
            $"StrideHeight = {spec.StrideHeight}",
            $"StrideWidth = {spec.StrideWidth}",
            $"PaddingHeight = {spec.PaddingHeight}",
            $"PaddingWidth = {spec.PaddingWidth}",
            $"DilationHeight = {spec.DilationHeight}",
            $"DilationWidth = {spec.DilationWidth}",
            $"Groups = {spec.Groups}",
            $"Bias = {(spec.HasBias ? "true" : "false")}",
            $"Activation = Kernels.Activation.{spec.Activation}",
            FormattableString.Invariant($"NegativeSlope = {spec.NegativeSlope:R}f"),
            $"WeightScheme = Kernels.WeightScheme.{spec.WeightScheme}",
            .. outputPadding,
        ];
        return $"[Kernels.Quantized{spec.Kind}({string.Join(", ", arguments)})]";
    }
}
