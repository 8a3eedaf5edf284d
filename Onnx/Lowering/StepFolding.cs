using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Onnx.Lowering;

/// <summary>Takes steps into the ones before them, where nothing else reads between.</summary>
internal static class StepFolding
{
    /// <summary>The network with fewer steps; what two become has the scale of the second.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fold">What a step and the one that reads it become; null where they stay two.</param>
    public static ImportedNetwork Run(ImportedNetwork network, Func<Step, Step, Operation?> fold)
    {
        Dictionary<int, int> readers = network.Steps.SelectMany(static step => step.Inputs).CountBy(static input => input).ToDictionary();
        var steps = new List<Step>();
        var places = new int[network.Steps.Count + 1];
        for (int i = 1; i <= network.Steps.Count; i++)
        {
            Step step = network.Steps[i - 1];
            int target = places[step.Inputs[0]];
            if (target > 0 && readers[step.Inputs[0]] == 1 && fold(steps[target - 1], step) is { } folded)
            {
                steps[target - 1] = steps[target - 1] with { Operation = folded, Parameters = step.Parameters };
                places[i] = target;
                continue;
            }

            steps.Add(step with { Inputs = Array.ConvertAll(step.Inputs, input => places[input]) });
            places[i] = steps.Count;
        }

        return network with { Steps = steps };
    }
}
