using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Packing;

/// <summary>Everything that packing needs to know of a generated PixelLanes kernel.</summary>
/// <param name="Spec">The layer.</param>
/// <param name="Rows">How the kernel reads input rows.</param>
/// <param name="Panels">The sets of accumulators, in the order in which the kernel numbers them.</param>
public sealed record PixelLayout(ConvolutionSpec Spec, RowShape Rows, PixelPanel[] Panels);
