using System;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>
/// Rows of a linear layer over the kernel of a 1x1 convolution: they are the pixels of images 1 high, so that they share register tiles;
/// images end, so that scratch memory does.
/// </summary>
public static class LinearRows
{
    // What an output takes beside its multiply-accumulates, counted in them.
    private const int Epilogue = 64;

    /// <summary>Runs the kernel over rows.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="spec">Its shape: a 1x1 convolution.</param>
    /// <param name="input">Codes, row by row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="output">Receives the codes, row by row. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its rows.</exception>
    public static void Run(IQuantizedLayer kernel, ConvolutionSpec spec, ReadOnlySpan<byte> input, int rows, Span<byte> output)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(spec);
        LayerGuard.CheckRun(spec, input, 1, 1, rows, output);
        int portion = KernelRun.Portion(rows, (int)Math.Min(int.MaxValue, (long)spec.OutChannels * (spec.InChannels + Epilogue)));
        int rest = rows % portion;
        if (rows > rest)
        {
            kernel.Run(input, rows / portion, 1, portion, output);
        }

        if (rest > 0)
        {
            kernel.Run(input[((rows - rest) * spec.InChannels)..], 1, 1, rest, output[((rows - rest) * spec.OutChannels)..]);
        }
    }

    /// <summary>Runs the kernel over images, every pixel of which is a row.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="spec">Its shape: a 1x1 convolution.</param>
    /// <param name="input">Codes in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="output">Receives the codes in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void Run(IQuantizedLayer kernel, ConvolutionSpec spec, ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Shape4 shape = spec.OutputShape(new Shape4(batch, spec.InChannels, height, width));
        Run(kernel, spec, input, shape.N * shape.H * shape.W, output);
    }
}
