using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Onnx.Lowering;

/// <summary>Folds batch norms into the layers before them, where nothing else reads between.</summary>
internal static class BatchNormFolding
{
    /// <summary>The network with fewer steps.</summary>
    public static ImportedNetwork Run(ImportedNetwork network) => StepFolding.Run(
        network,
        static (layer, step) => step.Operation.BatchNorm is { } batchNorm ? Fold(layer.Operation, batchNorm) : null);

    private static Operation? Fold(Operation layer, BatchNormParameters batchNorm)
    {
        if (layer is not { Spec: { Kind: var kind } spec, Weights: { } weights, WeightScales: null } || layer.Function != kind.ToString())
        {
            return null;
        }

        FusedConvolution fused = LayerFusion.FoldBatchNorm(spec, weights.Weight, weights.Bias, batchNorm);
        return Operations.Convolution(fused.Spec, new LayerWeights(fused.Weight, fused.Bias));
    }
}
