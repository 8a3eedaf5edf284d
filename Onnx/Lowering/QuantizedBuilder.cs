using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Onnx.Lowering.Operators;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>Makes the int8 model that a quantized file describes: its scales, zero points and int8 weights as they are.</summary>
internal static class QuantizedBuilder
{
    /// <summary>The model. A step is int8 where the file says the scales of all that it reads and makes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="arithmetic">Whose arithmetic it follows.</param>
    /// <exception cref="OnnxFormatException">The scales do not fit the layers.</exception>
    public static QuantizedModel Build(ImportedNetwork network, Int8Arithmetic arithmetic)
    {
        QuantizationParameters?[] parameters = [network.InputParameters, .. network.Steps.Select(static step => step.Parameters)];
        var nodes = new List<ConvertedNode>();
        try
        {
            foreach (Step step in network.Steps)
            {
                Module module = step.Operation.Create();
                bool isInt8 = step.Parameters is not null && Array.TrueForAll(step.Inputs, input => parameters[input] is not null) && QuantizationPass.CanBeInt8(step);
                if (isInt8 && step.Operation is { BiasScales: { } biasScales, WeightScales: { } weightScales })
                {
                    WeightScales.CheckBias(step.Name, biasScales, parameters[step.Inputs[0]]!.Value, weightScales);
                }

                QuantizedLayerWeights? weights = isInt8 && step.Operation is { Spec: { } spec, Weights: { } floats, WeightScales: { } scales }
                    ? new QuantizedLayerWeights(WeightScales.Codes(spec, floats.Weight, scales), Bias(floats.Bias, parameters[step.Inputs[0]]!.Value, scales, arithmetic))
                    : null;
                nodes.Add(new ConvertedNode(new ModelNode(step.Name, module, step.Inputs), isInt8, weights));
            }

            return new QuantizedModel(network.PhysicalInput.C, [.. nodes], parameters, arithmetic);
        }
        catch (ArgumentException exception)
        {
            throw new OnnxFormatException($"The scales of the file do not fit its layers: {exception.Message}", exception);
        }
    }

    private static float[] Bias(ReadOnlySpan<float> bias, QuantizationParameters input, WeightQuantization weights, Int8Arithmetic arithmetic) =>
        arithmetic == Int8Arithmetic.OnnxRuntime ? WholeBias.Of(bias, input, weights) : bias.ToArray();
}
