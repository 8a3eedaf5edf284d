namespace Kernels.Execution;

/// <summary>One more dot step of an accumulator: what was cut from a weight whose pair could have saturated vpmaddubsw.</summary>
public struct PixelResidual
{
    /// <summary>4 signed bytes.</summary>
    public int Weights;

    /// <summary>Index of the input row among the tile's rows.</summary>
    public int Row;

    /// <summary>Unit of 4 channels.</summary>
    public int Unit;

    /// <summary>Bytes from the tile's first pixel in that unit's plane.</summary>
    public int Offset;
}
