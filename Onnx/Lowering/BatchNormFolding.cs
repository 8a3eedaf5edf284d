using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Onnx.Lowering;

/// <summary>Folds batch norms into the layers before them, where nothing else reads between.</summary>
internal static class BatchNormFolding
{
    /// <summary>The network with fewer steps.</summary>
    public static ImportedNetwork Run(ImportedNetwork network)
    {
        var readers = new int[network.Steps.Count + 1];
        foreach (int input in network.Steps.SelectMany(static step => step.Inputs))
        {
            readers[input]++;
        }

        var steps = new List<Step>();
        var places = new int[network.Steps.Count + 1];
        for (int i = 1; i <= network.Steps.Count; i++)
        {
            Step step = network.Steps[i - 1] with { Inputs = Array.ConvertAll(network.Steps[i - 1].Inputs, input => places[input]) };
            int target = step.Inputs[0];
            bool isAlone = step.Operation.BatchNorm is not null && target > 0 && readers[network.Steps[i - 1].Inputs[0]] == 1;
            if (isAlone && Fold(steps[target - 1].Operation, step.Operation.BatchNorm!) is { } folded)
            {
                steps[target - 1] = steps[target - 1] with { Operation = folded, Parameters = step.Parameters };
                places[i] = target;
            }
            else
            {
                steps.Add(step);
                places[i] = steps.Count;
            }
        }

        return network with { Steps = steps };
    }

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
