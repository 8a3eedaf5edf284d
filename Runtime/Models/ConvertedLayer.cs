using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>What became of a layer when its model was converted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="IsQuantized">Whether it is int8; otherwise it stayed float.</param>
/// <param name="OutputQuantization">Scale and zero point of its output, where that is int8 anywhere.</param>
/// <param name="Weights">Int8 weights of an int8 layer that has weights.</param>
public sealed record ConvertedLayer(string Name, string Type, bool IsQuantized, QuantizationParameters? OutputQuantization, QuantizedLayerWeights? Weights);
