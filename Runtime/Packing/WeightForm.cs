namespace Kernels.Packing;

/// <summary>How packed weights are multiplied.</summary>
public enum WeightForm
{
    /// <summary>Words, through vpmaddwd or its like: exact for any weight.</summary>
    Words,

    /// <summary>Bytes, through vpmaddubsw: pairs that could saturate are split, the rest added by steps of its own.</summary>
    SplitBytes,

    /// <summary>Bytes, through vpdpbusd, in machine code or through AVX-VNNI: exact for any weight that fits a byte.</summary>
    ExactBytes,

    /// <summary>
    /// Bytes, through Arm's sdot, which takes activations as signed bytes: exact for any weight that fits a byte.
    /// </summary>
    SignedBytes,

    /// <summary>
    /// As <see cref="SignedBytes"/>, through smull and sums of pairs in 16 bits: exact where no pair is -128 and -128.
    /// </summary>
    SignedPairs,
}
