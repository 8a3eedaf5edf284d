using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>
/// Sums of codes with what was upsampled or multiplied right before, where nothing else reads that: one step, which gives the very same codes and does not send them
/// through memory between.
/// </summary>
internal static class SumChains
{
    /// <summary>The steps with each such pair as one.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="inputSlot">The slot that the caller gives.</param>
    /// <param name="outputSlot">The slot that the caller wants.</param>
    public static IReadOnlyList<Step> Join(IReadOnlyList<Step> steps, int inputSlot, int outputSlot)
    {
        Dictionary<int, int> readers = Step.Readers(steps, inputSlot, outputSlot);
        var joined = new List<Step>();
        foreach (Step step in steps)
        {
            if (step.Operator is BinaryOperator<byte> { Layer: QuantizedAdd { Constants.Steps: null } add } && Joined(step, add, joined, readers) is { } whole)
            {
                joined.Add(whole);
                continue;
            }

            joined.Add(step);
        }

        return joined;
    }

    // Takes the step before out of the list when they become one.
    private static Step? Joined(Step sum, QuantizedAdd add, List<Step> before, Dictionary<int, int> readers)
    {
        for (int i = sum.Inputs.Length - 1; i >= 0; i--)
        {
            int slot = sum.Inputs[i];
            int other = sum.Inputs[1 - i];
            int at = Step.MakerForOne(before, readers, slot);
            if (at < 0)
            {
                continue;
            }

            // A sum is the same in either order.
            QuantizedAdd last = i == 1 ? add : new QuantizedAdd(add.SecondQuantization, add.FirstQuantization, add.OutputQuantization, add.HasRelu);
            Step first = before[at];
            Operator? operation = first.Operator switch
            {
                QuantizedOperator { Layer: QuantizedUpsample { Spec.IsNearest: true } upsample } => new UpsampleSumOperator(upsample, last),
                BinaryOperator<byte> { Layer: QuantizedMul { Constants.Steps: null } multiply } => new GatedSumOperator(multiply, last),
                _ => null,
            };
            if (operation is not null)
            {
                before.RemoveAt(at);
                return new Step($"{first.Name} and {sum.Name}", operation, [other, .. first.Inputs], sum.Output);
            }
        }

        return null;
    }
}
