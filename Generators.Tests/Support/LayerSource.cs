using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>Annotated classes for layer specs, as a user would write them.</summary>
internal static class LayerSource
{
    /// <summary>One public partial class <c>Layers.L{n}</c> for each attribute that is not empty.</summary>
    public static string Of(IReadOnlyList<string> attributes)
    {
        var source = new StringBuilder("namespace Layers;\n\n");
        for (int i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Length == 0)
            {
                continue;
            }

            source.Append(attributes[i]).Append('\n');
            source.Append(CultureInfo.InvariantCulture, $"public partial class L{i};\n\n");
        }

        return source.ToString();
    }

    /// <summary>The attribute that asks for a linear layer.</summary>
    public static string Linear(ConvolutionSpec spec) =>
        $"[Kernels.QuantizedLinear(InFeatures = {spec.InChannels}, OutFeatures = {spec.OutChannels}, {Epilogue(spec)})]";

    /// <summary>The attribute that asks for a convolution.</summary>
    public static string Convolution(ConvolutionSpec spec)
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
            $"InputHeight = {spec.InputHeight}",
            $"InputWidth = {spec.InputWidth}",
            Epilogue(spec),
            .. outputPadding,
        ];
        return $"[Kernels.Quantized{spec.Kind}({string.Join(", ", arguments)})]";
    }

    private static string Epilogue(ConvolutionSpec spec) => FormattableString.Invariant(
        $"Bias = {(spec.HasBias ? "true" : "false")}, Activation = Kernels.Activation.{spec.Activation}, NegativeSlope = {spec.NegativeSlope:R}f, WeightScheme = Kernels.WeightScheme.{spec.WeightScheme}");
}
