namespace Kernels.Layers;

/// <summary>How an upsampling layer fills the pixels between.</summary>
public enum UpsampleMode
{
    /// <summary>The nearest source pixel towards the origin: index <c>min(floor(dst * scale), in - 1)</c>.</summary>
    Nearest,

    /// <summary>Linear between the four neighbours, pixel centres at half: <c>src = scale * (dst + 0.5) - 0.5</c>.</summary>
    Bilinear,

    /// <summary>Linear between the four neighbours, corner pixels on corner pixels: PyTorch's <c>align_corners=True</c>.</summary>
    BilinearAlignCorners,

    /// <summary>The nearest source pixel by its centre: PyTorch's <c>nearest-exact</c>, index <c>floor((dst + 0.5) * scale)</c>.</summary>
    NearestExact,
}
