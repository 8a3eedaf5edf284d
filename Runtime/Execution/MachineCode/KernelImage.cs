namespace Kernels.Execution;

/// <summary>Rows of one image of a run: where the image lies, how large it is, and which rows to compute. Addresses were checked at the kernel's entry.</summary>
/// <param name="input">First code of the input image.</param>
/// <param name="height">Rows of the input.</param>
/// <param name="width">Columns of the input.</param>
/// <param name="output">First code of the output image.</param>
/// <param name="outputHeight">Rows of the output.</param>
/// <param name="outputWidth">Columns of the output.</param>
/// <param name="firstRow">First row to compute, counted in rows of all vertical phases.</param>
/// <param name="endRow">The row behind the last one to compute.</param>
/// <param name="second">Bytes from an output code to the code of the second input that is added to it; 0 where none is.</param>
public readonly unsafe struct KernelImage(byte* input, int height, int width, byte* output, int outputHeight, int outputWidth, int firstRow, int endRow, nint second = 0)
{
    /// <summary>First code of the input image.</summary>
    public readonly byte* Input = input;

    /// <summary>Rows of the input.</summary>
    public readonly int Height = height;

    /// <summary>Columns of the input.</summary>
    public readonly int Width = width;

    /// <summary>First code of the output image.</summary>
    public readonly byte* Output = output;

    /// <summary>Rows of the output.</summary>
    public readonly int OutputHeight = outputHeight;

    /// <summary>Columns of the output.</summary>
    public readonly int OutputWidth = outputWidth;

    /// <summary>First row to compute, counted in rows of all vertical phases.</summary>
    public readonly int FirstRow = firstRow;

    /// <summary>The row behind the last one to compute.</summary>
    public readonly int EndRow = endRow;

    /// <summary>Bytes from an output code to the code of the second input that is added to it; 0 where none is.</summary>
    public readonly nint Second = second;

    /// <summary>The scalars of an epilogue that adds a second input, for this image.</summary>
    /// <param name="packed">The scalars of the layer.</param>
    /// <returns>The same with the place of the second input.</returns>
    public EpilogueScalars Scalars(EpilogueScalars* packed)
    {
        EpilogueScalars scalars = *packed;
        scalars.Second = Second;
        return scalars;
    }

    /// <summary>Output columns of a horizontal phase.</summary>
    /// <param name="phase">The phase: 0 to stride - 1.</param>
    /// <param name="stride">Output columns from one of the phase to the next.</param>
    /// <returns>How many there are; 0 in an image narrower than the phase.</returns>
    public int Columns(int phase, int stride) => (OutputWidth - phase + stride - 1) / stride;
}
