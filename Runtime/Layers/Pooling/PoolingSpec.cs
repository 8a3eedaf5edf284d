using System;

namespace Kernels.Layers;

/// <summary>
/// The shape of a pooling layer, with PyTorch's parameter names and its rule for the output size. Window, stride and dilation are at
/// least 1: another number is an <see cref="ArgumentException"/> where the spec is made. A window may be larger than any image.
/// </summary>
public sealed record PoolingSpec
{
    /// <summary>A square window.</summary>
    /// <param name="kernel">Window size, at least 1.</param>
    /// <param name="stride">Stride; 0 means the window size, as in PyTorch.</param>
    /// <param name="padding">Padding, at most half the window.</param>
    public PoolingSpec(int kernel, int stride = 0, int padding = 0)
    {
        KernelHeight = KernelWidth = kernel;
        StrideHeight = StrideWidth = stride == 0 ? kernel : stride;
        PaddingHeight = PaddingWidth = padding;
    }

    /// <summary>Window height.</summary>
    public int KernelHeight { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); }

    /// <summary>Window width.</summary>
    public int KernelWidth { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); }

    /// <summary>Vertical stride.</summary>
    public int StrideHeight { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); }

    /// <summary>Horizontal stride.</summary>
    public int StrideWidth { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); }

    /// <summary>Vertical padding in pixels.</summary>
    public int PaddingHeight { get; init => field = SpecNumber.Check(value, 0, int.MaxValue); }

    /// <summary>Horizontal padding in pixels.</summary>
    public int PaddingWidth { get; init => field = SpecNumber.Check(value, 0, int.MaxValue); }

    /// <summary>Vertical distance between the window's pixels; average pooling takes 1 only.</summary>
    public int DilationHeight { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); } = 1;

    /// <summary>Horizontal distance between the window's pixels; average pooling takes 1 only.</summary>
    public int DilationWidth { get; init => field = SpecNumber.Check(value, 1, int.MaxValue); } = 1;

    /// <summary>Whether a last window that starts inside the input or its left padding, but does not fit, makes an output too.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Average pooling: whether padding pixels count as zeros in the mean.</summary>
    public bool CountIncludePad { get; init; } = true;

    /// <summary>Average pooling: divides by this instead of the number of pixels, when not 0.</summary>
    public int DivisorOverride { get; init; }

    /// <summary>Shape of the output.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The same batch and channels, and PyTorch's output height and width.</returns>
    /// <exception cref="ArgumentException">The input is too small.</exception>
    public Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        long height = OutputSize(input.H, KernelHeight, StrideHeight, PaddingHeight, DilationHeight);
        long width = OutputSize(input.W, KernelWidth, StrideWidth, PaddingWidth, DilationWidth);
        return height >= 1 && width >= 1
            ? new Shape4(input.N, input.C, (int)Math.Min(height, Limits.Elements), (int)Math.Min(width, Limits.Elements)).Checked(nameof(input))
            : throw new ArgumentException($"An input of {input.H}x{input.W} pixels is too small for a window of {KernelHeight}x{KernelWidth}.", nameof(input));
    }

    /// <summary>Throws unless PyTorch would take the parameters.</summary>
    internal PoolingSpec Checked(bool allowDilation)
    {
        CheckAxis("height", KernelHeight, PaddingHeight, DilationHeight, allowDilation);
        CheckAxis("width", KernelWidth, PaddingWidth, DilationWidth, allowDilation);
        return this;
    }

    private static void CheckAxis(string axis, int kernel, int padding, int dilation, bool allowDilation)
    {
        if (dilation != 1 && !allowDilation)
        {
            throw new ArgumentException($"Average pooling has no dilation, but the dilation {axis} is {dilation}.", "spec");
        }

        if (padding > ((kernel - 1L) * dilation + 1) / 2)
        {
            throw new ArgumentException($"The padding {axis} must be 0 to half the window, but is {padding} for a window of {kernel}.", "spec");
        }
    }

    private long OutputSize(int size, int kernel, int stride, int padding, int dilation)
    {
        long free = size + 2L * padding - dilation * (kernel - 1L) - 1 + (CeilMode ? stride - 1 : 0);
        if (free < 0)
        {
            return 0;
        }

        long count = free / stride + 1;
        return CeilMode && (count - 1) * stride >= size + padding ? count - 1 : count;
    }
}
