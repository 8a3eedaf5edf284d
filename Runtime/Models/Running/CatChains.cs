using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>
/// Concatenations of channels whose inputs were made larger by copies right before, as at the end of feature pyramids, where nothing else reads them: the
/// concatenation copies from the small images, and codes are changed to its scale before they are many.
/// </summary>
internal static class CatChains
{
    /// <summary>The steps with each such concatenation and what it alone reads as one.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="inputSlot">The slot that the caller gives.</param>
    /// <param name="outputSlot">The slot that the caller wants.</param>
    public static IReadOnlyList<Step> Join(IReadOnlyList<Step> steps, int inputSlot, int outputSlot)
    {
        Dictionary<int, int> readers = Step.Readers(steps, inputSlot, outputSlot);
        var joined = new List<Step>();
        foreach (Step step in steps)
        {
            joined.Add(step.Operator is QuantizedCatOperator { Layer: { Axis: 1 } cat } ? Joined(step, cat, joined, readers) : step);
        }

        return joined;
    }

    // Takes the steps before out of the list that become a part of it.
    private static Step Joined(Step step, QuantizedCat cat, List<Step> before, Dictionary<int, int> readers)
    {
        var stretches = new UpsampleSpec?[step.Inputs.Length];
        var inputs = (int[])step.Inputs.Clone();
        string name = step.Name;
        for (int i = 0; i < inputs.Length; i++)
        {
            int at = Step.MakerForOne(before, readers, inputs[i]);
            if (at >= 0 && before[at].Operator is QuantizedOperator { Layer: QuantizedUpsample { Spec.IsNearest: true } upsample })
            {
                stretches[i] = upsample.Spec;
                inputs[i] = before[at].Inputs[0];
                name = $"{before[at].Name} and {name}";
                before.RemoveAt(at);
            }
        }

        return Array.TrueForAll(stretches, static spec => spec is null) ? step : new Step(name, new QuantizedCatOperator(cat, stretches), inputs, step.Output);
    }
}
