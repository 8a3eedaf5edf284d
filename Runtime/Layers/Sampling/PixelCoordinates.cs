namespace Kernels.Layers;

/// <summary>
/// Where an output pixel lies among the input pixels: PyTorch's and ONNX's corner conventions. <c>scale</c> is the number of input pixels an
/// output pixel.
/// </summary>
public enum PixelCoordinates
{
    /// <summary>Pixel centres at half: <c>scale * (x + 0.5) - 0.5</c>. PyTorch's bilinear; ONNX's <c>half_pixel</c>.</summary>
    HalfPixel,

    /// <summary>The same, but 0 where the output has one pixel: ONNX's <c>pytorch_half_pixel</c>.</summary>
    HalfPixelOrZero,

    /// <summary>Corner pixels on corner pixels: <c>x * (in - 1) / (out - 1)</c>. PyTorch's <c>align_corners=True</c>; ONNX's <c>align_corners</c>.</summary>
    AlignCorners,

    /// <summary>The first pixels on each other: <c>scale * x</c>. PyTorch's nearest; ONNX's <c>asymmetric</c>.</summary>
    Asymmetric,

    /// <summary>Pixel centres at half, and the middles of both images on each other where a factor's size was rounded down: ONNX's <c>half_pixel_symmetric</c>.</summary>
    HalfPixelSymmetric,
}
