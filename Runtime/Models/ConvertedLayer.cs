using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>What became of a layer when its model was converted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="IsQuantized">Whether it is int8; otherwise it stayed float.</param>
/// <param name="OutputQuantization">Scale and zero point of its output, where that is int8 anywhere.</param>
/// <param name="Weights">Int8 weights of an int8 layer that has weights.</param>
public sealed record ConvertedLayer(string Name, string Type, bool IsQuantized, QuantizationParameters? OutputQuantization, QuantizedLayerWeights? Weights)
{
    /// <summary>What runs an int8 layer that has weights: an instance of its generated class, or a generic one.</summary>
    public IQuantizedLayer? Kernel { get; init; }

    /// <summary>Whether it is an int8 layer with weights that runs a generic kernel, slower than a generated one.</summary>
    public bool IsGeneric => Kernel is GenericConvolution or GenericLinear or GenericResidual;
}
