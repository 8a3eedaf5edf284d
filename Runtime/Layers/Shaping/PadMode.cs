namespace Kernels.Layers;

/// <summary>What a padding layer puts around the image: PyTorch's modes of <c>F.pad</c>.</summary>
public enum PadMode
{
    /// <summary>A value, 0 by default.</summary>
    Constant,

    /// <summary>The image mirrored at its edge pixels, which are not repeated. Padding must be smaller than the image.</summary>
    Reflect,

    /// <summary>The edge pixels.</summary>
    Replicate,

    /// <summary>The opposite side. Padding must not be larger than the image.</summary>
    Circular,
}
