using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Packing;

/// <summary>Everything that packing needs to know of a generated depthwise kernel.</summary>
/// <param name="Spec">The layer.</param>
/// <param name="Rows">How the kernel reads input rows.</param>
/// <param name="MayRepeat">Whether pixels of few channels share a vector.</param>
/// <param name="Panels">The phases, in the order in which the kernel numbers them.</param>
public sealed record DepthwiseLayout(ConvolutionSpec Spec, RowShape Rows, bool MayRepeat, DepthwisePanel[] Panels);

/// <summary>A vertical phase of a depthwise kernel, with one horizontal phase or with all. A dot step multiplies 4 pixels of each channel.</summary>
/// <param name="Quads">For each horizontal phase its dot steps; those of one follow those of another.</param>
/// <param name="Rows">For each pixel of each dot step, the index of its input row among the panel's rows.</param>
/// <param name="Columns">For each, its input column relative to the output position.</param>
/// <param name="Taps">For each, the kernel position ky * KernelWidth + kx; -1 where it only names another pixel of the step again.</param>
public sealed record DepthwisePanel(int[] Quads, int[] Rows, int[] Columns, int[] Taps)
{
    /// <summary>Horizontal phases.</summary>
    public int Phases => Quads.Length;

    /// <summary>Dot steps of all phases.</summary>
    public int Steps => Rows.Length / 4;
}
