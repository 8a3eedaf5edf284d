namespace Kernels.Bench.Subjects;

/// <summary>How the codes of random weights are spread.</summary>
internal enum WeightRange
{
    /// <summary>Bell-shaped, the largest of each output channel at 127: what training and per-channel quantization give.</summary>
    Bell,

    /// <summary>Every code from -128 to 127 equally often: nearly every channel has pairs that vpmaddubsw cannot add.</summary>
    Full,
}
