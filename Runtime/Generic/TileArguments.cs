namespace Kernels.Generic;

/// <summary>What a register tile reads besides its own position.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The taps of this output row, cut into runs.</summary>
    public Segment* Segments;

    /// <summary>The number of segments; 0 leaves only the bias.</summary>
    public int SegmentCount;

    /// <summary>The block's weights.</summary>
    public int* Weights;

    /// <summary>Steps between the inputs of neighbouring output pixels.</summary>
    public nint PixelStep;

    /// <summary>What happens to the sums.</summary>
    public Epilogue* Epilogue;

    /// <summary>First channel of the block in packed order.</summary>
    public int Channel;

    /// <summary>Output channels from the block's first to the end of the group: fewer than the block's lanes in the last one.</summary>
    public int Channels;

    /// <summary>Bytes between neighbouring output pixels of the phase.</summary>
    public nint OutputStep;
}
