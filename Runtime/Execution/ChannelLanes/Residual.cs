using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// One more dot step of a block: what was cut from weights whose pairs could have saturated vpmaddubsw.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public unsafe struct Residual
{
    /// <summary>16 lanes of 4 signed bytes.</summary>
    public fixed sbyte Weights[64];

    /// <summary>Index of the input row among the tile's rows.</summary>
    public int Row;

    /// <summary>Bytes from the tile's first pixel in that row to the 4 activations.</summary>
    public int Offset;
}
