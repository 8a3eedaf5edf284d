namespace Kernels.Generic;

/// <summary>
/// The few vector operations that a convolution needs, for one element type and one vector width. A lane is an output channel;
/// a step is 4 bytes of input that one multiply-add consumes per lane: two int16 channels, or one float.
/// Implementations are empty structs, so that the compiler specialises the register tiles for each of them.
/// </summary>
/// <typeparam name="TVector">The accumulator vector.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether 16 accumulators and their operands fit the register file.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>Bytes of one output element.</summary>
    static abstract int OutputSize { get; }

    /// <summary>One step a lane from memory.</summary>
    static abstract TVector Load(int* source);

    /// <summary>The same step in every lane.</summary>
    static abstract TVector Broadcast(int* source);

    /// <summary>Adds the products of a step to the sum, lane by lane.</summary>
    static abstract TVector MultiplyAdd(TVector sum, TVector input, TVector weight);

    /// <summary>Finishes the sums of channels <paramref name="channel"/> and following and stores the first <paramref name="count"/>.</summary>
    static abstract void Store(TVector sum, Epilogue* epilogue, int channel, byte* output, int count);
}
