using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Training.Nodes;

/// <summary>A node that a trainable layer computes: of one input, or a fused one that adds a second.</summary>
/// <param name="trainable">The layer, which starts with the weights of the other one.</param>
/// <param name="layer">What the node was before training.</param>
internal sealed class LayerNode(TrainableLayer trainable, Module layer) : TrainableNode
{
    public override IReadOnlyList<Parameter> Parameters => trainable.Parameters;

    public override Module Layer => (trainable, layer) switch
    {
        (TrainableConvolution convolution, WeightedModule weighted) => weighted.With(Copy(convolution.Weight, convolution.Bias, convolution.Spec), null),
        (FakeQuantizedConvolution convolution, WeightedModule weighted) => weighted.With(Folded(convolution), Unfolded(convolution)),
        (TrainableBatchNorm2d batchNorm, _) => new BatchNormModule(batchNorm.ToParameters()),
        _ => layer,
    };

    public override bool RunsAsLayer => trainable is not TrainableBatchNorm2d { IsFrozen: false };

    /// <summary>The layer.</summary>
    public TrainableLayer Trainable => trainable;

    public override QuantizedLayerWeights? Quantize() =>
        trainable is FakeQuantizedConvolution convolution ? new QuantizedLayerWeights(convolution.Quantize(), convolution.ToFloat().Bias) : null;

    /// <summary>The functions that a fused layer ends with.</summary>
    private TrainableEpilogue? Epilogue => trainable switch
    {
        FakeQuantizedConvolution convolution => convolution.Epilogue,
        TrainableConvolution convolution => convolution.Epilogue,
        _ => null,
    };

    public override FloatTensor Forward(FloatTensor[] inputs)
    {
        if (Epilogue is { } epilogue)
        {
            epilogue.Second = inputs.Length > 1 ? inputs[1] : null;
        }

        return trainable.Forward(inputs[0]);
    }

    public override void Backward(FloatTensor outputGradient, Span<FloatTensor?> inputGradients)
    {
        if (inputGradients.IsEmpty)
        {
            trainable.BackwardToParameters(outputGradient);
        }
        else
        {
            inputGradients[0] = trainable.Backward(outputGradient);
            if (inputGradients.Length > 1)
            {
                inputGradients[1] = Epilogue!.SecondGradient;
            }
        }
    }

    private static LayerWeights Folded(FakeQuantizedConvolution convolution)
    {
        FusedConvolution folded = convolution.ToFloat();
        return new LayerWeights(folded.Weight, folded.Bias);
    }

    private static UnfoldedBatchNorm? Unfolded(FakeQuantizedConvolution convolution) => convolution.BatchNorm is { } batchNorm
        ? new UnfoldedBatchNorm(Copy(convolution.Weight, convolution.Bias, convolution.Spec), batchNorm.ToParameters())
        : null;

    private static LayerWeights Copy(Parameter weight, Parameter? bias, ConvolutionSpec spec) =>
        new(new FloatWeight(spec.WeightShape, weight.Values.ToArray()), bias?.Values.ToArray());
}
