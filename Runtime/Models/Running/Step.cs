using System.Collections.Generic;
using System.Linq;

namespace Kernels.Models.Running;

/// <summary>One operator with its slots.</summary>
/// <param name="Name">The layer's name, for messages.</param>
/// <param name="Operator">What is computed.</param>
/// <param name="Inputs">Slots that are read.</param>
/// <param name="Output">The slot that is written.</param>
internal sealed record Step(string Name, Operator Operator, int[] Inputs, int Output)
{
    /// <summary>How often each slot is read; the caller counts as a reader of what it gives and of what it wants.</summary>
    public static Dictionary<int, int> Readers(IReadOnlyList<Step> steps, int inputSlot, int outputSlot) =>
        steps.SelectMany(static step => step.Inputs).Concat([inputSlot, outputSlot]).CountBy(static slot => slot).ToDictionary();

    /// <summary>Where the step stands that makes a slot which has one reader; -1 where there is none.</summary>
    public static int MakerForOne(List<Step> steps, Dictionary<int, int> readers, int slot) => readers[slot] == 1 ? steps.FindIndex(step => step.Output == slot) : -1;
}
