using System;

namespace Kernels.Layers;

/// <summary>Rows or columns of a window that lie inside the image.</summary>
/// <param name="Start">The first one.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Counted">How many a mean counts: those inside, or with padding.</param>
internal readonly record struct AxisWindow(int Start, int End, long Counted)
{
    public int Count => End - Start;
}

/// <summary>The windows that average pooling takes the mean of.</summary>
internal abstract class PoolingWindows
{
    /// <summary>The rows of a row of windows.</summary>
    public abstract AxisWindow Rows(int y, int from, int to);

    /// <summary>The columns of a column of windows.</summary>
    public abstract AxisWindow Columns(int x, int from, int to);

    /// <summary>What the sum of a window is divided by.</summary>
    public virtual long Divisor(AxisWindow rows, AxisWindow columns) => rows.Counted * columns.Counted;
}

/// <summary>Windows of one size at equal distances.</summary>
internal sealed class SlidingWindows(PoolingSpec spec) : PoolingWindows
{
    public override AxisWindow Rows(int y, int from, int to) => Of((long)y * spec.StrideHeight - spec.PaddingHeight, spec.KernelHeight, spec.PaddingHeight, from);

    public override AxisWindow Columns(int x, int from, int to) => Of((long)x * spec.StrideWidth - spec.PaddingWidth, spec.KernelWidth, spec.PaddingWidth, from);

    public override long Divisor(AxisWindow rows, AxisWindow columns) => spec.DivisorOverride != 0 ? spec.DivisorOverride : base.Divisor(rows, columns);

    private AxisWindow Of(long start, int kernel, int padding, int size)
    {
        // A window cut off by ceil mode counts padding, but nothing beyond it.
        long end = Math.Min(start + kernel, (long)size + padding);
        var inside = new AxisWindow((int)Math.Max(start, 0), (int)Math.Min(end, size), 0);
        return inside with { Counted = spec.CountIncludePad ? end - start : inside.Count };
    }
}

/// <summary>As many windows as an output of a given size has, which cover the image and may overlap by a pixel: PyTorch's adaptive pooling.</summary>
internal sealed class AdaptiveWindows : PoolingWindows
{
    public static AdaptiveWindows Instance { get; } = new();

    public override AxisWindow Rows(int y, int from, int to) => Of(y, from, to);

    public override AxisWindow Columns(int x, int from, int to) => Of(x, from, to);

    private static AxisWindow Of(int index, int from, int to)
    {
        int start = (int)((long)index * from / to);
        int end = (int)((((long)index + 1) * from + to - 1) / to);
        return new AxisWindow(start, end, end - start);
    }
}
