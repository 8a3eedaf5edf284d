using System;
using System.Collections.Generic;

namespace Kernels.Models.Running;

/// <summary>
/// Functions of codes that follow one another with nothing else reading between: their codes become one table, which gives the very same codes
/// in one pass.
/// </summary>
internal static class TableChains
{
    /// <summary>The steps with each chain as one; tables write in place.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="inputSlot">The slot that the caller gives.</param>
    /// <param name="outputSlot">The slot that the caller wants.</param>
    public static IReadOnlyList<Step> Join(IReadOnlyList<Step> steps, int inputSlot, int outputSlot)
    {
        Dictionary<int, int> readers = Step.Readers(steps, inputSlot, outputSlot);
        var joined = new List<Step>();
        foreach (Step step in steps)
        {
            if (step.Operator is not QuantizedOperator { IsCodeFunction: true } function)
            {
                joined.Add(step);
                continue;
            }

            byte[] table = function.Table();
            int before = Step.MakerForOne(joined, readers, step.Inputs[0]);
            if (before < 0 || joined[before].Operator is not TableOperator first)
            {
                joined.Add(step with { Operator = new TableOperator(table) });
                continue;
            }

            Step whole = new($"{joined[before].Name} and {step.Name}", new TableOperator(Array.ConvertAll(first.Table, code => table[code])), joined[before].Inputs, step.Output);
            joined.RemoveAt(before);
            joined.Add(whole);
        }

        return joined;
    }
}
