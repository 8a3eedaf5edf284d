using System;
using System.Collections.Generic;

namespace Kernels.Onnx.Lowering;

/// <summary>Leaves out steps that the output does not need.</summary>
internal static class StepOrder
{
    /// <summary>The steps that an output needs; it is the last one's.</summary>
    public static List<Step> Of(IReadOnlyList<Step> steps, int output)
    {
        var isNeeded = new bool[steps.Count + 1];
        isNeeded[output] = true;
        for (int i = output; i > 0; i--)
        {
            if (isNeeded[i])
            {
                foreach (int input in steps[i - 1].Inputs)
                {
                    isNeeded[input] = true;
                }
            }
        }

        var places = new int[steps.Count + 1];
        var kept = new List<Step>();
        for (int i = 1; i <= output; i++)
        {
            if (isNeeded[i])
            {
                kept.Add(steps[i - 1] with { Inputs = Array.ConvertAll(steps[i - 1].Inputs, input => places[input]) });
                places[i] = kept.Count;
            }
        }

        return kept;
    }
}
