namespace Kernels.Generators.Parsing;

/// <summary>
/// The largest numbers that are taken seriously. Below them no sum or product of the planner overflows, and generating stays quick.
/// They are documented in docs/diagnostics.md.
/// </summary>
internal static class Limits
{
    public const int Channels = 65_536;

    /// <summary>Kernel, stride and dilation of one axis.</summary>
    public const int Spatial = 4_096;

    /// <summary>Padding of a Conv2d; that of a transposed one ends where no output is left.</summary>
    public const int Padding = 65_535;

    /// <summary>Taps of a kernel, both axes.</summary>
    public const int Taps = 65_536;

    /// <summary>Output phases of a transposed convolution, both axes.</summary>
    public const int Phases = 65_536;

    /// <summary>The largest input, in rows or columns, that is asked for an output.</summary>
    public const int InputSize = 16_384;

    /// <summary>
    /// Products that one int32 accumulator holds whatever the data: the sum of <c>x * w</c> over n products, x in 0..255 and w in -128..127,
    /// is within n * 255 * 128. Folding the input's zero point in gives a sum of <c>(x - zx) * w</c>, which has the same bound.
    /// </summary>
    public const int Products = int.MaxValue / (255 * 128);

    /// <summary>
    /// The same for weights with a zero point other than 0: the sum of <c>(x - zx) * (w - zw)</c> is within n * 255 * 255.
    /// The steps before it may wrap around, its own value may not.
    /// </summary>
    public const int ProductsWithWeightZeroPoint = int.MaxValue / (255 * 255);
}
