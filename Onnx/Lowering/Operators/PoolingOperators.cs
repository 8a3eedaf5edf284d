using System;
using System.Linq;
using Kernels.Layers;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Pooling and means.</summary>
internal static class PoolingOperators
{
    public static Term MaxPool(Call call)
    {
        call.OnlyFirstOutput();
        Term x = Spatial.Image(call, 0);
        var window = Window.Of(call);
        Margins pads = window.Pads(call, x.Physical);
        Shape4 to = OutputShape(call, window, pads, x.Physical);
        PoolingSpec spec = Spec(window, pads, IsCeil(call));
        if (!Fits(spec, pads, x.Physical, to))
        {
            // Beyond the image nothing is greater than anything; windows that start inside end inside then.
            x = Spatial.Pad(call, x, Enclosing(window, pads, x.Physical, to), value: float.NegativeInfinity);
            spec = Spec(window, default, isCeil: false);
        }

        return Spatial.Add(call, Operations.MaxPool2d(spec), x, to);
    }

    public static Term AveragePool(Call call)
    {
        Term x = Spatial.Image(call, 0);
        var window = Window.Of(call);
        call.Require(window is { DilationHeight: 1, DilationWidth: 1 }, "average pooling with dilation is not supported");
        Margins pads = window.Pads(call, x.Physical);
        Shape4 to = OutputShape(call, window, pads, x.Physical);
        bool countsPadding = call.Node.Int("count_include_pad", 0) != 0;
        bool isCeil = IsCeil(call);
        PoolingSpec spec = Spec(window, pads, isCeil) with { CountIncludePad = countsPadding };
        if (Fits(spec, pads, x.Physical, to))
        {
            return Spatial.Add(call, Operations.AvgPool2d(spec), x, to);
        }

        if (countsPadding)
        {
            // What ceil_mode adds beyond the padding does not count.
            x = Spatial.Pad(call, x, pads);
            spec = Spec(window, default, isCeil) with { CountIncludePad = false };
            call.Require(spec.OutputShape(x.Physical) == to, "its padding and ceil_mode do not fit together");
            return Spatial.Add(call, Operations.AvgPool2d(spec), x, to);
        }

        return Uneven(call, x, window, pads, to);
    }

    public static Term GlobalAveragePool(Call call)
    {
        Term x = Spatial.Image(call, 0);
        return Spatial.Add(call, Operations.GlobalAvgPool2d(), x, x.Physical with { H = 1, W = 1 });
    }

    public static Term GlobalMaxPool(Call call)
    {
        Term x = Spatial.Image(call, 0);
        var spec = new PoolingSpec(kernel: 1) { KernelHeight = x.Physical.H, KernelWidth = x.Physical.W };
        return Spatial.Add(call, Operations.MaxPool2d(spec), x, x.Physical with { H = 1, W = 1 });
    }

    public static Term ReduceMean(Call call)
    {
        Term x = call.Dynamic(0);
        long[]? axes = call.Numbers("axes", 1);
        if (axes is not { Length: > 0 } && call.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            return x;
        }

        int[] reduced = axes is { Length: > 0 } ? Folding.Axes.Of(axes, x.Rank) : [.. Enumerable.Range(0, x.Rank)];
        Term y = Mean(call, x, reduced);
        return call.Node.Int("keepdims", 1) != 0
            ? y
            : Term.Of(y.Step, [.. y.Shape.Where((_, i) => !reduced.Contains(i))], [.. y.Axes.Where((_, i) => !reduced.Contains(i))]);
    }

    /// <summary>The mean over dimensions, which stay with size 1.</summary>
    public static Term Mean(Call call, Term x, int[] reduced)
    {
        int[] physical = [.. reduced.Where(i => x.Axes[i] != 0).Select(i => x.Axes[i]).Order()];
        if (physical.Length > 0)
        {
            Operation operation = physical is [2, 3] ? Operations.GlobalAvgPool2d() : Operations.Mean(physical);
            int[] kept = [.. x.Shape.Select((size, i) => reduced.Contains(i) && x.Axes[i] != 0 ? 1 : size)];
            x = call.Context.Add(call.Node.Name, call.Node, operation, kept, x.Axes, x);
        }

        // Means are taken within images: the batch changes places with another axis first.
        int batch = Array.FindIndex(reduced, i => x.Axes[i] == 0);
        return batch < 0 || x.Shape[reduced[batch]] == 1 ? x : Mean(call, call.Context.On(x, Array.ConvertAll(x.Axes, static axis => axis switch { 0 => 1, 1 => 0, _ => axis }), call.Node), [reduced[batch]]);
    }

    private static bool IsCeil(Call call) => call.Node.Int("ceil_mode", 0) != 0;

    private static Shape4 OutputShape(Call call, Window window, Margins pads, Shape4 from)
    {
        bool isCeil = IsCeil(call);
        var to = new Shape4(
            from.N,
            from.C,
            Outputs(from.H, pads.Top, pads.Bottom, window.ExtentHeight, window.StrideHeight, isCeil),
            Outputs(from.W, pads.Left, pads.Right, window.ExtentWidth, window.StrideWidth, isCeil));
        call.Require(to.H >= 1 && to.W >= 1, $"its window is larger than its input of {from.H}x{from.W}");
        return to;
    }

    /// <summary>ONNX's number of outputs; a window that would start behind the image and the padding before it is none.</summary>
    private static int Outputs(int size, int begin, int end, int extent, int stride, bool isCeil)
    {
        int free = size + begin + end - extent;
        if (free < 0)
        {
            return 0;
        }

        int count = (free + (isCeil ? stride - 1 : 0)) / stride + 1;
        return isCeil && (count - 1) * stride >= size + begin ? count - 1 : count;
    }

    private static PoolingSpec Spec(Window window, Margins pads, bool isCeil) => new(kernel: 1)
    {
        KernelHeight = window.KernelHeight,
        KernelWidth = window.KernelWidth,
        StrideHeight = window.StrideHeight,
        StrideWidth = window.StrideWidth,
        PaddingHeight = pads.Top,
        PaddingWidth = pads.Left,
        DilationHeight = window.DilationHeight,
        DilationWidth = window.DilationWidth,
        CeilMode = isCeil,
    };

    /// <summary>Whether PyTorch's pooling does it: the same padding on both sides, at most half the window.</summary>
    private static bool Fits(PoolingSpec spec, Margins pads, Shape4 from, Shape4 to) =>
        pads.IsSymmetric && 2 * pads.Top <= spec.KernelHeight && 2 * pads.Left <= spec.KernelWidth && spec.OutputShape(from) == to;

    /// <summary>Padding at which every window ends inside.</summary>
    private static Margins Enclosing(Window window, Margins pads, Shape4 from, Shape4 to) => new(
        pads.Left,
        Math.Max((to.W - 1) * window.StrideWidth + window.ExtentWidth - from.W - pads.Left, 0),
        pads.Top,
        Math.Max((to.H - 1) * window.StrideHeight + window.ExtentHeight - from.H - pads.Top, 0));

    /// <summary>
    /// A mean of the pixels inside the image, with different padding on opposite sides: as much padding on both as brings the windows
    /// to the right places, and the outputs that are too many cut off.
    /// </summary>
    private static Term Uneven(Call call, Term x, Window window, Margins pads, Shape4 to)
    {
        Shape4 from = x.Physical;
        for (int extraRows = 0; pads.Top + extraRows * window.StrideHeight <= window.KernelHeight / 2; extraRows++)
        {
            for (int extraColumns = 0; pads.Left + extraColumns * window.StrideWidth <= window.KernelWidth / 2; extraColumns++)
            {
                var even = new Margins(pads.Left + extraColumns * window.StrideWidth, 0, pads.Top + extraRows * window.StrideHeight, 0);
                foreach (bool isCeil in (ReadOnlySpan<bool>)[false, true])
                {
                    PoolingSpec spec = Spec(window, even, isCeil) with { CountIncludePad = false };
                    Shape4 all = spec.OutputShape(from);
                    if (all.H - extraRows >= to.H && all.W - extraColumns >= to.W)
                    {
                        Term y = Spatial.Add(call, Operations.AvgPool2d(spec), x, all);
                        var margins = new Margins(extraColumns, all.W - extraColumns - to.W, extraRows, all.H - extraRows - to.H);
                        return margins.IsNone ? y : Spatial.Crop(call, y, margins);
                    }
                }
            }
        }

        throw new LoweringException("its padding differs between opposite sides in a way that a mean without the padding cannot have");
    }
}
