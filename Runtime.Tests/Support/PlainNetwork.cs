using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>
/// Runs an int8 model node by node, each value in memory of its own: layers with weights by <see cref="PlainEpilogue"/> and
/// <see cref="PlainConvolution"/>, functions of codes by their definition, the rest by its own layer. The oracle of fused networks.
/// </summary>
internal static class PlainNetwork
{
    public static QuantizedTensor Forward(QuantizedModel model, QuantizedTensor input)
    {
        var values = new QuantizedTensor[model.Nodes.Length + 1];
        values[0] = input;
        for (int i = 0; i < model.Nodes.Length; i++)
        {
            ConvertedNode node = model.Nodes[i];
            values[i + 1] = Run(node, Array.ConvertAll(node.Node.Inputs, value => values[value]), model.Parameters[i + 1]!.Value);
        }

        return values[^1];
    }

    private static QuantizedTensor Run(ConvertedNode node, QuantizedTensor[] inputs, QuantizationParameters output) => node.Node.Layer switch
    {
        WeightedModule { Spec.Epilogue.IsNone: true } layer => PlainConvolution.Forward(layer.Spec, node.Weights!.Weight, node.Weights.Bias, inputs[0], output),
        WeightedModule layer => PlainEpilogue.Forward(
            layer.Spec,
            node.Weights!.Weight,
            node.Weights.Bias,
            inputs[0],
            output,
            new EpilogueParameters(layer.Steps, inputs.Length > 1 ? inputs[1].Quantization : null, layer.ChannelScales),
            inputs.Length > 1 ? inputs[1] : null),
        SharingModule { Type: "ReLU" } => Function(inputs[0], output, static x => x > 0 ? x : 0),
        SharingModule { Type: "ReLU6" } => Function(inputs[0], output, static x => x < 0 ? 0 : x > 6 ? 6 : x),
        _ => Layer(node.Node.Layer, inputs, output),
    };

    private static QuantizedTensor Function(QuantizedTensor input, QuantizationParameters output, Func<float, float> function)
    {
        var result = new QuantizedTensor(input.Shape, output);
        for (int i = 0; i < input.Data.Length; i++)
        {
            float x = (input.Data[i] - input.Quantization.ZeroPoint) * input.Quantization.Scale;
            double steps = Math.Round((double)(function(x) * (1f / output.Scale)), MidpointRounding.ToEven);
            result.Data[i] = (byte)Math.Clamp(steps + output.ZeroPoint, 0, 255);
        }

        return result;
    }

    private static QuantizedTensor Layer(Module layer, QuantizedTensor[] inputs, QuantizationParameters output)
    {
        Operator operation = layer.Quantized(null, Array.ConvertAll(inputs, static tensor => tensor.Quantization), output);
        Shape4[] shapes = Array.ConvertAll(inputs, static tensor => tensor.Shape);
        var result = new QuantizedTensor(operation.OutputShape(shapes), output);
        MemoryPlan plan = MemoryPlan.OfCodes([.. shapes, result.Shape]);
        var memory = new GraphMemory(plan, new byte[plan.Size], -1, default, inputs.Length, result.Data);
        var slots = new int[inputs.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = i;
            inputs[i].Data.CopyTo(memory.Write(i));
        }

        operation.Run(memory, slots, slots.Length);
        return result;
    }
}
