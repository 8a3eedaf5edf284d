using System;
using System.Globalization;
using System.Text;

namespace Kernels.Generators.Specs;

/// <summary>
/// The name of the class that computes a spec: readable, and as long as the spec differs from the defaults, so that two specs never
/// share a name, upper and lower case apart too. <c>Conv2d_16x32_k3_s2_p1</c> is 16 to 32 channels, kernel 3x3, stride 2, padding 1.
/// </summary>
internal static class KernelName
{
    /// <summary>The class's name.</summary>
    public static string Of(LayerSpec spec)
    {
        var name = new StringBuilder(FormattableString.Invariant($"{spec.Kind}_{spec.InChannels}x{spec.OutChannels}"));
        Pair("k", static axis => axis.Kernel, 0);
        Pair("s", static axis => axis.Stride, 1);
        Pair("p", static axis => axis.Padding, 0);
        Pair("op", static axis => axis.OutputPadding, 0);
        Pair("d", static axis => axis.Dilation, 1);
        Pair("in", static axis => axis.InputSize, 0);
        Part(spec.Groups > 1, FormattableString.Invariant($"g{spec.Groups}"));
        Part(!spec.HasBias, "nobias");
        Part(spec.Activation != ActivationKind.None, spec.Activation.ToString());
        Part(spec.Activation == ActivationKind.LeakyRelu, Number(spec.NegativeSlope));
        Part(spec.IsFused, string.Join("_", spec.Epilogue));
        Part(!spec.PerChannelWeights, "onescale");
        Part(!spec.MachineCode, "csharp");
        return name.ToString();

        void Pair(string letter, Func<AxisSpec, int> value, int silent)
        {
            int vertical = value(spec.Vertical);
            int horizontal = value(spec.Horizontal);
            Part(
                vertical != silent || horizontal != silent,
                vertical == horizontal ? FormattableString.Invariant($"{letter}{vertical}") : FormattableString.Invariant($"{letter}{vertical}x{horizontal}"));
        }

        void Part(bool isThere, string text)
        {
            if (isThere)
            {
                name.Append('_').Append(text);
            }
        }
    }

    // 0.1 is 0p1, -1E-05 is m1Em05.
    private static string Number(float value) =>
        value.ToString("R", CultureInfo.InvariantCulture).Replace('.', 'p').Replace('-', 'm').Replace("+", string.Empty);
}
