using System.Globalization;
using Kernels.Layers;

namespace Kernels.Models;

/// <summary>A layer's shape as one line, so that files can say which layer they were made for.</summary>
internal static class SpecText
{
    public static string Of(ConvolutionSpec spec)
    {
        string activation = spec.Activation == Activation.LeakyRelu
            ? string.Create(CultureInfo.InvariantCulture, $"LeakyRelu({spec.NegativeSlope:R})")
            : spec.Activation.ToString();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{spec.Kind} {spec.InChannels}->{spec.OutChannels}, kernel {spec.KernelHeight}x{spec.KernelWidth}, stride {spec.StrideHeight}x{spec.StrideWidth}, padding {spec.PaddingHeight}x{spec.PaddingWidth}, output padding {spec.OutputPaddingHeight}x{spec.OutputPaddingWidth}, dilation {spec.DilationHeight}x{spec.DilationWidth}, groups {spec.Groups}, bias {(spec.HasBias ? "yes" : "no")}, activation {activation}{(spec.Epilogue.IsNone ? string.Empty : ", epilogue " + spec.Epilogue.Text)}");
    }
}
