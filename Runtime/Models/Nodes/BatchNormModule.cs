using System;
using Kernels.Layers;
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
