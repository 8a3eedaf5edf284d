using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models.Rounding;

/// <summary>A layer whose weights were rounded one by one.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="InputSlot">The slot of its input.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Settings">Type and range of their codes.</param>
/// <param name="Input">Scale and zero point of the layer's input.</param>
internal sealed record NearestWeights(WeightedModule Layer, int InputSlot, QuantizedLayerWeights Weights, ObserverSettings Settings, QuantizationParameters Input);
