namespace Kernels.Models.Running;

/// <summary>One operator with its slots.</summary>
/// <param name="Name">The layer's name, for messages.</param>
/// <param name="Operator">What is computed.</param>
/// <param name="Inputs">Slots that are read.</param>
/// <param name="Output">The slot that is written.</param>
internal sealed record Step(string Name, Operator Operator, int[] Inputs, int Output);
