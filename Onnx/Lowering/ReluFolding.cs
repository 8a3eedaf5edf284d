using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models.Nodes;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Lets int8 layers with weights end with the ReLU or ReLU6 behind them, where nothing else reads between and both have one scale: then the bounds of codes do it, and
/// no code changes.
/// </summary>
internal static class ReluFolding
{
    /// <summary>The network with fewer steps.</summary>
    public static ImportedNetwork Run(ImportedNetwork network)
    {
        Dictionary<int, int> readers = network.Steps.SelectMany(static step => step.Inputs).CountBy(static input => input).ToDictionary();
        var steps = new List<Step>();
        var places = new int[network.Steps.Count + 1];
        for (int i = 1; i <= network.Steps.Count; i++)
        {
            Step step = network.Steps[i - 1];
            int target = places[step.Inputs[0]];
            if (target > 0 && readers[step.Inputs[0]] == 1 && step.Parameters is not null && step.Parameters == steps[target - 1].Parameters
                && Fold(steps[target - 1].Operation, step.Operation.Function) is { } folded)
            {
                steps[target - 1] = steps[target - 1] with { Operation = folded };
                places[i] = target;
                continue;
            }

            steps.Add(step with { Inputs = Array.ConvertAll(step.Inputs, input => places[input]) });
            places[i] = steps.Count;
        }

        return network with { Steps = steps };
    }

    private static Operation? Fold(Operation layer, string function)
    {
        Activation activation = function switch
        {
            "ReLU" => Activation.Relu,
            "ReLU6" => Activation.Relu6,
            _ => Activation.None,
        };
        if (activation == Activation.None || layer is not { Spec: { Activation: Activation.None } spec, Weights: { } weights, WeightScales: not null })
        {
            return null;
        }

        spec = spec with { Activation = activation };
        bool isLinear = layer.Function == WeightedModule.LinearType;
        return layer with { Spec = spec, Create = () => new WeightedModule(spec, weights, isLinear) };
    }
}
