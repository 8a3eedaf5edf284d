using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>A batch norm that stands alone.</summary>
internal sealed class BatchNormModule(BatchNormParameters parameters) : Module(TypeName)
{
    public const string TypeName = "BatchNorm2d";

    /// <summary>What it knows of each channel.</summary>
    public BatchNormParameters Parameters => parameters;

    internal override int OutputChannels(ReadOnlySpan<int> inputs) =>
        inputs[0] == parameters.Channels || inputs[0] == 0
            ? parameters.Channels
            : throw new ArgumentException($"The batch norm has {parameters.Channels} channels, but its input has {inputs[0]}.", nameof(inputs));

    internal override void TieChannels(ChannelTies ties, ReadOnlySpan<int> inputs, int output)
    {
        // Its weights take both scales.
    }

    internal override Module WithChannelScales(ReadOnlySpan<float[]> inputs, float[] output)
    {
        float[] mean = parameters.Mean.ToArray();
        float[] weight = parameters.Weight.ToArray();
        float[] bias = parameters.Bias.ToArray();
        for (int channel = 0; channel < mean.Length; channel++)
        {
            mean[channel] /= inputs[0][channel];
            weight[channel] *= inputs[0][channel] / output[channel];
            bias[channel] /= output[channel];
        }

        return new BatchNormModule(new BatchNormParameters(mean, parameters.Variance, weight, bias, parameters.Epsilon));
    }

    internal override Operator Float() => new FloatOperator(new FloatBatchNorm2d(parameters));

    internal override Operator Quantized(QuantizedLayerWeights? weights, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output) =>
        new QuantizedOperator(new QuantizedBatchNorm2d(parameters, inputs[0], output));

    internal override ModuleArguments Arguments() => new ModuleArguments().With("channels", parameters.Channels).With("eps", parameters.Epsilon);

    internal override void WriteTensors(SafetensorsWriter writer, string prefix, bool isQuantized)
    {
        writer.Add(prefix + "weight", [parameters.Channels], parameters.Weight);
        writer.Add(prefix + "bias", [parameters.Channels], parameters.Bias);
        writer.Add(prefix + "running_mean", [parameters.Channels], parameters.Mean);
        writer.Add(prefix + "running_var", [parameters.Channels], parameters.Variance);
    }
}
