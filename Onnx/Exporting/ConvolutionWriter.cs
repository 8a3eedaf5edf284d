using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx.Exporting;

/// <summary>Convolutions, transposed ones and linear layers, which are 1x1 convolutions, with what follows in their epilogues.</summary>
internal static class ConvolutionWriter
{
    /// <summary>Writes a layer.</summary>
    /// <param name="graph">Receives it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="layer">Its shape, and its weights if it is float.</param>
    /// <param name="weights">Int8 weights; null for a float layer.</param>
    /// <param name="input">Scale and zero point of the input of an int8 layer.</param>
    /// <param name="inputs">Its input, and what its epilogue adds.</param>
    /// <returns>Its output, not rounded.</returns>
    public static string Write(GraphWriter graph, string name, WeightedModule layer, QuantizedLayerWeights? weights, QuantizationParameters? input, string[] inputs)
    {
        ConvolutionSpec spec = layer.Spec;
        Shape4 shape = spec.WeightShape;
        string weight = weights is null
            ? graph.Constant(name + ".weight", ElementType.Float, [shape.N, shape.C, shape.H, shape.W], layer.Weights.Weight.Data)
            : Weight(graph, name, spec, weights.Weight);
        string bias = !spec.HasBias ? ""
            : weights is null ? graph.Constant(name + ".bias", ElementType.Float, [spec.OutChannels], layer.Weights.Bias)
            : Bias(graph, name, spec, weights, input!.Value);
        string sum = graph.Add(
            spec.Kind == ConvolutionKind.Conv2d ? "Conv" : "ConvTranspose",
            name,
            bias.Length == 0 ? [inputs[0], weight] : [inputs[0], weight, bias],
            [
                GraphWriter.Attribute("kernel_shape", [spec.KernelHeight, spec.KernelWidth]),
                GraphWriter.Attribute("strides", [spec.StrideHeight, spec.StrideWidth]),
                GraphWriter.Attribute("pads", [spec.PaddingHeight, spec.PaddingWidth, spec.PaddingHeight, spec.PaddingWidth]),
                GraphWriter.Attribute("dilations", [spec.DilationHeight, spec.DilationWidth]),
                GraphWriter.Attribute("group", spec.Groups),
                .. spec.Kind == ConvolutionKind.Conv2d ? [] : (Protos.AttributeProto[])[GraphWriter.Attribute("output_padding", [spec.OutputPaddingHeight, spec.OutputPaddingWidth])],
            ]);
        string value = sum;
        foreach (EpilogueStep step in Steps(layer))
        {
            value = Step(graph, name, step, value, inputs);
        }

        // Powers of two: a product is the quotient, to the last bit.
        return layer.ChannelScales.Length == 0
            ? value
            : graph.Add("Mul", name + ".balanced", [value, graph.Channels(name + ".channel_scales", Array.ConvertAll(layer.ChannelScales, static scale => 1 / scale))]);
    }

    // An activation is a function like those of an epilogue; a layer has the one or the other.
    private static EpilogueStep[] Steps(WeightedModule layer) => layer.Spec.Activation switch
    {
        Activation.None => layer.Steps,
        Activation.Relu => [EpilogueStep.Relu],
        Activation.Relu6 => [EpilogueStep.Relu6],
        Activation.LeakyRelu => [EpilogueStep.LeakyRelu(layer.Spec.NegativeSlope)],
        var other => throw new NotSupportedException($"its activation {other} is not known"),
    };

    private static string Step(GraphWriter graph, string name, EpilogueStep step, string x, string[] inputs) => step.Function switch
    {
        EpilogueFunction.Relu => graph.Add("Relu", name + ".relu", [x]),
        EpilogueFunction.Relu6 => FunctionWriter.Clip(graph, name + ".relu6", x, 0, 6),
        EpilogueFunction.LeakyRelu => graph.Add("LeakyRelu", name + ".leaky_relu", [x], GraphWriter.Attribute("alpha", step.NegativeSlope)),
        EpilogueFunction.HardSwish => graph.Add("HardSwish", name + ".hard_swish", [x]),
        EpilogueFunction.HardSigmoid => FunctionWriter.HardSigmoid(graph, name + ".hard_sigmoid", x),
        EpilogueFunction.Clip => FunctionWriter.Clip(graph, name + ".clip", x, step.Lower, step.Upper),
        EpilogueFunction.Affine or EpilogueFunction.ChannelAffine => FunctionWriter.Affine(graph, name, x, step.Scale, step.Shift),
        EpilogueFunction.Add => graph.Add("Add", name + ".sum", [x, inputs[1]]),
        _ => throw new NotSupportedException($"its function {step.Function} is not known"),
    };

    // A transposed convolution's weights are [in, out / groups]: with groups, no axis of theirs is that of output channels, so they are floats there.
    private static string Weight(GraphWriter graph, string name, ConvolutionSpec spec, QuantizedWeight weight)
    {
        Shape4 s = weight.Shape;
        int[] shape = [s.N, s.C, s.H, s.W];
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        WeightQuantization quantization = weight.Quantization;
        if (isTransposed && spec.Groups > 1 && quantization.IsPerChannel)
        {
            return graph.Constant(name + ".weight", ElementType.Float, shape, WeightQuantizer.Dequantize(weight, spec).Data);
        }

        string codes = graph.Constant(name + ".weight", ElementType.Int8, shape, weight.Data);
        var scales = new float[quantization.Count];
        var zeroPoints = new sbyte[quantization.Count];
        for (int channel = 0; channel < scales.Length; channel++)
        {
            scales[channel] = quantization[channel].Scale;
            zeroPoints[channel] = (sbyte)quantization[channel].ZeroPoint;
        }

        int[] dimensions = quantization.IsPerChannel ? [scales.Length] : [];
        return graph.Add(
            "DequantizeLinear",
            name + ".weight.values",
            [codes, graph.Constant<float>(name + ".weight.scale", ElementType.Float, dimensions, scales), graph.Constant<sbyte>(name + ".weight.zero_point", ElementType.Int8, dimensions, zeroPoints)],
            GraphWriter.Attribute("axis", isTransposed ? 1 : 0));
    }

    // int32 in units of an int8 product; floats where a channel's unit is so small that they would not fit.
    private static string Bias(GraphWriter graph, string name, ConvolutionSpec spec, QuantizedLayerWeights weights, QuantizationParameters input)
    {
        WeightQuantization quantization = weights.Weight.Quantization;
        var scales = new float[quantization.Count];
        for (int channel = 0; channel < scales.Length; channel++)
        {
            scales[channel] = input.Scale * quantization[channel].Scale;
        }

        var codes = new int[spec.OutChannels];
        for (int channel = 0; channel < codes.Length; channel++)
        {
            double code = Math.Round((double)weights.Bias[channel] / scales[quantization.IsPerChannel ? channel : 0]);
            if (!(Math.Abs(code) <= int.MaxValue))
            {
                return graph.Constant(name + ".bias", ElementType.Float, [codes.Length], weights.Bias);
            }

            codes[channel] = (int)code;
        }

        int[] dimensions = quantization.IsPerChannel ? [scales.Length] : [];
        return graph.Add(
            "DequantizeLinear",
            name + ".bias.values",
            [
                graph.Constant<int>(name + ".bias", ElementType.Int32, [codes.Length], codes),
                graph.Constant<float>(name + ".bias.scale", ElementType.Float, dimensions, scales),
                graph.Constant<int>(name + ".bias.zero_point", ElementType.Int32, dimensions, new int[scales.Length]),
            ],
            GraphWriter.Attribute("axis", 0));
    }
}
