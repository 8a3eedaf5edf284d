using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Bench.Networks;

/// <summary>A layer of a float network.</summary>
/// <param name="Spec">The layer.</param>
/// <param name="Weights">Its weights.</param>
internal sealed record NetworkLayer(ConvolutionSpec Spec, LayerWeights Weights);
