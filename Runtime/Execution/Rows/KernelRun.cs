using System;
using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>A run of a generated kernel: the rows of all images of a batch, in bands on as many threads as they are worth.</summary>
public readonly unsafe struct KernelRun : IRowKernel
{
    // Pixels of a linear layer's images: enough that borders do not count, few enough for the cache; and the widest tile, twice.
    private const int MostPixels = 256;
    private const int FewestPixels = 16;
    private const int ImagesOfThread = 8;

    private readonly delegate*<PackedConvolution, in KernelImage, void> _kernel;
    private readonly PackedConvolution _packed;
    private readonly byte* _input;
    private readonly int _height;
    private readonly int _width;
    private readonly byte* _output;
    private readonly Shape4 _shape;
    private readonly int _rows;
    private readonly nint _second;

    private KernelRun(delegate*<PackedConvolution, in KernelImage, void> kernel, PackedConvolution packed, byte* input, int height, int width, byte* output, Shape4 shape, int rows, nint second)
    {
        _kernel = kernel;
        _packed = packed;
        _input = input;
        _height = height;
        _width = width;
        _output = output;
        _shape = shape;
        _rows = rows;
        _second = second;
    }

    /// <summary>Runs a kernel; the caller has checked that its spans hold the shapes, and keeps them where they are.</summary>
    /// <param name="kernel">Computes rows of an image.</param>
    /// <param name="packed">The layer.</param>
    /// <param name="input">First code of the input.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">First code of the output.</param>
    /// <param name="shape">Shape of the output.</param>
    /// <param name="phases">Output rows that the kernel computes together.</param>
    /// <param name="work">Multiply-accumulates of an output pixel, epilogue included.</param>
    /// <param name="second">First code of the second input, which has the output's shape; null where none is added.</param>
    public static void Run(delegate*<PackedConvolution, in KernelImage, void> kernel, PackedConvolution packed, byte* input, int height, int width, byte* output, Shape4 shape, int phases, int work, byte* second = null)
    {
        ArgumentNullException.ThrowIfNull(packed);
        if (PointRows.Are(packed.Spec.Vertical, packed.Spec.Horizontal))
        {
            // The generator plans for these rows where it knows them.
            int together = PointRows.Together(height, width);
            (height, width) = (height / together, width * together);
            shape = shape with { H = height, W = width };
        }

        int rows = (shape.H + phases - 1) / phases;
        var run = new KernelRun(kernel, packed, input, height, width, output, shape, rows, second is null ? 0 : (nint)second - (nint)output);
        RowTeam<KernelRun>.Run(run, shape.N * rows, KernelThreads.For((long)shape.N * shape.H * shape.W * work));
    }

    /// <summary>How many rows of a linear layer make an image whose pixels they are: fewer where threads share them.</summary>
    /// <param name="rows">The rows of the run.</param>
    /// <param name="work">Multiply-accumulates of a row, epilogue included.</param>
    /// <returns>At least 1.</returns>
    public static int Portion(int rows, int work)
    {
        int threads = KernelThreads.For((long)rows * work);
        int share = (rows + threads - 1) / threads;
        return threads == 1 ? MostPixels : Math.Min(MostPixels, (share / ImagesOfThread + FewestPixels) & -FewestPixels);
    }

    /// <inheritdoc/>
    void IRowKernel.Run(int first, int end)
    {
        int image = first / _rows;
        int row = first - image * _rows;
        for (int left = end - first; left > 0; image++, row = 0)
        {
            int count = Math.Min(left, _rows - row);
            byte* input = _input + (nint)image * _height * _width * _packed.Spec.InChannels;
            byte* output = _output + (nint)image * _shape.H * _shape.W * _shape.C;
            _kernel(_packed, new KernelImage(input, _height, _width, output, _shape.H, _shape.W, row, row + count, _second));
            left -= count;
        }
    }
}
