using Kernels.Execution;

namespace Kernels.Generic;

/// <summary>
/// What happens to a finished sum before it is stored. Channel arrays are in packed order, padded to whole vectors.
/// </summary>
internal unsafe struct Epilogue
{
    /// <summary>Added first. For int8 in units of the accumulator.</summary>
    public float* Bias;

    /// <summary>Int8 only: output steps an accumulator step makes.</summary>
    public float* Multiplier;

    /// <summary>Smallest value after the activation.</summary>
    public float Lower;

    /// <summary>Largest value after the activation.</summary>
    public float Upper;

    /// <summary>Factor for values below zero.</summary>
    public float NegativeSlope;

    /// <summary>Int8 only: added after rounding.</summary>
    public int ZeroPoint;

    /// <summary>Whether <see cref="NegativeSlope"/> is to be applied.</summary>
    public bool HasSlope;

    /// <summary>Whether <see cref="Lower"/> and <see cref="Upper"/> are to be applied. Int8 always clamps.</summary>
    public bool HasBounds;

    /// <summary>Int8 only: the functions of a fused epilogue, with <see cref="EpilogueScalars.Second"/>.</summary>
    public EpilogueScalars Fused;

    /// <summary>Int8 only: for each ChannelAffine of the epilogue its scales, then its shifts; last 1 / output scale.</summary>
    public float* Channels;

    /// <summary>Values from one array of those to the next.</summary>
    public nint ChannelStride;
}
