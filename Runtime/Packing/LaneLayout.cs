using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Packing;

/// <summary>Everything that packing needs to know of a generated kernel whose lanes hold channels.</summary>
/// <param name="Spec">The layer.</param>
/// <param name="Rows">How the kernel reads input rows.</param>
/// <param name="Panels">The sets of output lanes, in the order in which the kernel numbers them.</param>
public sealed record LaneLayout(ConvolutionSpec Spec, RowShape Rows, LanePanel[] Panels);
