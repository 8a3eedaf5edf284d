namespace Kernels.Packing;

/// <summary>
/// The weights that produce one set of output lanes, as a generated kernel reads them. A step is one input pixel that
/// the lanes look at, or several side by side; the lanes are the output channels of one phase, or of several neighbouring phases that look at
/// the same pixels.
/// </summary>
/// <param name="Phases">Phases whose channels share the lanes.</param>
/// <param name="Rows">For each step, the index of its input row among the tile's rows.</param>
/// <param name="Columns">For each step, its first input column relative to the tile's first pixel.</param>
/// <param name="Taps">For each step, each of its pixels and each phase, the kernel position ky * KernelWidth + kx, or -1 for none.</param>
/// <param name="StepTaps">Input pixels of a step.</param>
public sealed record LanePanel(int Phases, int[] Rows, int[] Columns, int[] Taps, int StepTaps = 1)
{
    /// <summary>The number of steps.</summary>
    public int Steps => Rows.Length;
}
