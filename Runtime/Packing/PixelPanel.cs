namespace Kernels.Packing;

/// <summary>
/// The weights of one set of accumulators of a PixelLanes kernel: some output channels in all horizontal phases of a
/// vertical phase. A step is one input pixel that they look at; accumulators are numbered phase by phase.
/// </summary>
/// <param name="FirstChannel">First output channel.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Phases">Horizontal phases.</param>
/// <param name="Rows">For each step, the index of its input row among the tile's rows.</param>
/// <param name="Columns">For each step, its input column relative to the tile's first pixel.</param>
/// <param name="Taps">For each step and phase, the kernel position ky * KernelWidth + kx, or -1 for none.</param>
public sealed record PixelPanel(int FirstChannel, int Channels, int Phases, int[] Rows, int[] Columns, int[] Taps)
{
    /// <summary>The number of accumulators.</summary>
    public int Accumulators => Phases * Channels;

    /// <summary>How machine code stores the panel's codes.</summary>
    internal Shared.PixelStoreLayout Stores(int outChannels) => new(Phases, Channels, outChannels);
}
