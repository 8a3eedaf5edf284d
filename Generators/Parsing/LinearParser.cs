using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Parsing;

/// <summary>The arguments of a linear layer's attribute to its spec: a convolution with a 1x1 kernel. Defaults are those of the attribute.</summary>
internal static class LinearParser
{
    private static readonly AxisSpec Pixel = new(Kernel: 1, Stride: 1, Padding: 0, OutputPadding: 0, Dilation: 1);

    /// <summary>The spec, or nothing when a number is wrong: then a diagnostic says which.</summary>
    public static LayerSpec? Parse(AttributeArguments arguments, DiagnosticBag diagnostics)
    {
        var checks = new ArgumentChecks(arguments, diagnostics);
        bool valid = checks.Required("InFeatures", Limits.Channels) & checks.Required("OutFeatures", Limits.Channels) & checks.Epilogue();
        if (!valid)
        {
            return null;
        }

        var spec = new LayerSpec(
            LayerKind.Conv2d,
            arguments.Get("InFeatures", 0),
            arguments.Get("OutFeatures", 0),
            Pixel,
            Pixel,
            1,
            arguments.Get("Bias", true),
            (ActivationKind)arguments.Get("Activation", 0),
            checks.EffectiveSlope(),
            arguments.Get("WeightScheme", 0) == 0);
        return checks.Count("weights", (long)spec.InChannels * spec.OutChannels, int.MaxValue) && checks.Accumulator(spec.InChannels) ? spec : null;
    }
}
