using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <summary>A batch norm behind a convolution, and the convolution's weights without it: what training takes in place of the folded weights.</summary>
/// <param name="Weights">Weights and bias.</param>
/// <param name="BatchNorm">Statistics, weight and bias of each channel.</param>
internal sealed record UnfoldedBatchNorm(LayerWeights Weights, BatchNormParameters BatchNorm);
