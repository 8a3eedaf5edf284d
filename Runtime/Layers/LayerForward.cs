using System;

namespace Kernels.Layers;

/// <summary>Runs layers over tensors.</summary>
internal static class LayerForward
{
    /// <summary>Runs an int8 layer over a tensor that must be quantized as the layer expects.</summary>
    public static QuantizedTensor Run(IQuantizedLayer layer, QuantizedTensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Quantization != layer.InputQuantization)
        {
            throw new ArgumentException($"The layer was made for an input quantized as {layer.InputQuantization}, but the tensor is {input.Quantization}. Requantize it first.", nameof(input));
        }

        var output = new QuantizedTensor(layer.OutputShape(input.Shape), layer.OutputQuantization);
        layer.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
        return output;
    }

    /// <summary>Runs a float layer over a tensor.</summary>
    public static FloatTensor Run(IFloatLayer layer, FloatTensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var output = new FloatTensor(layer.OutputShape(input.Shape));
        layer.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
        return output;
    }
}
