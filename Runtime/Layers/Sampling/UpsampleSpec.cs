using System;

namespace Kernels.Layers;

/// <summary>The output size of an upsampling layer: a fixed one, or a factor of the input's, as in PyTorch's <c>nn.Upsample</c>.</summary>
public sealed record UpsampleSpec
{
    private UpsampleSpec(UpsampleMode mode)
    {
        Mode = SpecNumber.Check(mode, nameof(mode));
        Coordinates = mode switch
        {
            UpsampleMode.Nearest => PixelCoordinates.Asymmetric,
            UpsampleMode.BilinearAlignCorners => PixelCoordinates.AlignCorners,
            _ => PixelCoordinates.HalfPixel,
        };
        Rounding = mode == UpsampleMode.NearestExact ? NearestRounding.RoundPreferCeil : NearestRounding.Floor;
    }

    /// <summary>How pixels between are filled.</summary>
    public UpsampleMode Mode { get; }

    /// <summary>Where output pixels lie among input pixels; the mode says it, unless set for ONNX's other conventions.</summary>
    public PixelCoordinates Coordinates { get; init => field = SpecNumber.Check(value); }

    /// <summary>Which pixel a nearest mode takes; the mode says it, unless set for ONNX's other conventions.</summary>
    public NearestRounding Rounding { get; init => field = SpecNumber.Check(value); }

    /// <summary>Whether pixels are copied, not blended.</summary>
    internal bool IsNearest => Mode is UpsampleMode.Nearest or UpsampleMode.NearestExact;

    /// <summary>Rows of the output; 0 when it is a factor.</summary>
    public int Height { get; private init; }

    /// <summary>Columns of the output; 0 when it is a factor.</summary>
    public int Width { get; private init; }

    /// <summary>Vertical factor; 0 when the size is fixed.</summary>
    public double ScaleHeight { get; private init; }

    /// <summary>Horizontal factor; 0 when the size is fixed.</summary>
    public double ScaleWidth { get; private init; }

    /// <summary>A fixed output size, PyTorch's <c>size</c>.</summary>
    /// <param name="mode">How pixels between are filled.</param>
    /// <param name="height">Rows of the output, at least 1.</param>
    /// <param name="width">Columns of the output, at least 1.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static UpsampleSpec ToSize(UpsampleMode mode, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new UpsampleSpec(mode) { Height = height, Width = width };
    }

    /// <summary>A factor, PyTorch's <c>scale_factor</c>.</summary>
    /// <param name="mode">How pixels between are filled.</param>
    /// <param name="height">Vertical factor, positive.</param>
    /// <param name="width">Horizontal factor, positive; the same as the vertical one when left out.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not positive, or above 4,096.</exception>
    public static UpsampleSpec ByFactor(UpsampleMode mode, double height, double? width = null)
    {
        double horizontal = width ?? height;
        if (!(height > 0 && horizontal > 0) || height > Limits.Spatial || horizontal > Limits.Spatial)
        {
            throw new ArgumentOutOfRangeException(nameof(height), height, $"Factors must be positive and at most {Limits.Spatial}.");
        }

        return new UpsampleSpec(mode) { ScaleHeight = height, ScaleWidth = horizontal };
    }

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The same batch and channels; a factor's size is rounded down.</returns>
    /// <exception cref="ArgumentException">The output would be empty or too large.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        return (input with { H = Size(input.H, Height, ScaleHeight), W = Size(input.W, Width, ScaleWidth) }).Checked(nameof(input));
    }

    /// <summary>How output rows lie among input rows.</summary>
    internal SamplingAxis Rows(int from, int to) => new(this, from, to, ScaleHeight);

    /// <summary>How output columns lie among input columns.</summary>
    internal SamplingAxis Columns(int from, int to) => new(this, from, to, ScaleWidth);

    private static int Size(int from, int size, double scale) => size != 0 ? size : (int)Math.Min(Math.Floor(from * scale), int.MaxValue);
}
