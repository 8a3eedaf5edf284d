namespace Kernels.Packing;

/// <summary>How packed weights are multiplied.</summary>
public enum WeightForm
{
    /// <summary>Words, through vpmaddwd or its like: exact for any weight.</summary>
    Words,

    /// <summary>Bytes, through vpmaddubsw: pairs that could saturate are split, the rest added by steps of its own.</summary>
    SplitBytes,

    /// <summary>Bytes, through vpdpbusd in machine code: exact for any weight that fits a byte.</summary>
    ExactBytes,
}
