namespace Kernels.Geometry;

/// <summary>
/// The largest numbers that are taken seriously, in attributes, in specs made by hand and in files. Within them no sum or product below
/// overflows, generating stays quick and loading stays in proportion to the file. docs/diagnostics.md and docs/security.md name them.
/// </summary>
internal static class Limits
{
    /// <summary>Channels of a generated layer: its kernel holds offsets of channels as constants.</summary>
    public const int Channels = 65_536;

    /// <summary>Channels of a layer or tensor at run time.</summary>
    public const int RuntimeChannels = 1 << 24;

    /// <summary>Kernel, stride and dilation of one axis of a convolution.</summary>
    public const int Spatial = 4_096;

    /// <summary>Padding of one axis of a convolution.</summary>
    public const int Padding = 65_535;

    /// <summary>Padding of one axis of a transposed convolution, which cuts its output; it ends earlier, where no output is left.</summary>
    public const int TransposedPadding = 1 << 26;

    /// <summary>Letters of a generated file: beyond them a kernel spells out less, and at last is the runtime's generic one.</summary>
    public const int FileLength = 200_000;

    /// <summary>Rows that a generated kernel holds addresses of, on its stack.</summary>
    public const int StagedRows = 1 << 14;

    /// <summary>Taps of a kernel, both axes.</summary>
    public const int Taps = 65_536;

    /// <summary>Output phases of a transposed convolution, both axes.</summary>
    public const int Phases = 65_536;

    /// <summary>The largest input, in rows or columns, that a generated layer can be made for, and that is asked for an output.</summary>
    public const int InputSize = 16_384;

    /// <summary>Rows or columns that padding, cropping or scaling to a size may name.</summary>
    public const int Size = 1 << 24;

    /// <summary>Elements of a tensor, codes of an image and weights of a layer: what a span counts.</summary>
    public const int Elements = int.MaxValue;

    /// <summary>
    /// Codes of the input rows that one output row reads, their padding included: what each thread of a run stages. More are taken where
    /// they are less than twice the image's own.
    /// </summary>
    public const int StagedCodes = 1 << 24;

    /// <summary>Layers of a model. Planning its memory is quadratic.</summary>
    public const int Nodes = 8_192;

    /// <summary>Inputs of a layer of a model.</summary>
    public const int Inputs = 1_024;

    /// <summary>Codes that one int32 sum of a mean holds whatever they are.</summary>
    public const int MeanCodes = int.MaxValue / 255;

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
