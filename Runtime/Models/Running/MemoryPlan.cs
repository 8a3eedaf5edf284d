using System;
using System.Collections.Generic;
using Kernels.Memory;

namespace Kernels.Models.Running;

/// <summary>Shapes of all slots for one input shape, and their places in an arena: see <see cref="ArenaPlan"/>.</summary>
internal sealed class MemoryPlan
{
    private MemoryPlan(int slots)
    {
        Shapes = new Shape4[slots];
        Offsets = new int[slots];
        Lengths = new int[slots];
    }

    /// <summary>Shape of each slot; all 0 of one that no step writes.</summary>
    public Shape4[] Shapes { get; }

    /// <summary>Where each slot starts in the arena.</summary>
    public int[] Offsets { get; }

    /// <summary>Bytes of each slot.</summary>
    public int[] Lengths { get; }

    /// <summary>Bytes of the arena.</summary>
    public int Size { get; private set; }

    /// <summary>Bytes of all slots in the arena together: what it would be if none shared memory.</summary>
    public long Sum { get; private set; }

    /// <summary>Plans a program for an input shape.</summary>
    /// <param name="slots">The program's slots.</param>
    /// <param name="steps">The steps that run.</param>
    /// <param name="inputSlot">The slot in the caller's memory that is read.</param>
    /// <param name="outputSlot">The slot in the caller's memory that is written.</param>
    /// <param name="input">Shape of the input.</param>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it; the message names it. Or the arena would be too large.</exception>
    public static MemoryPlan Of(IReadOnlyList<Slot> slots, IReadOnlyList<Step> steps, int inputSlot, int outputSlot, Shape4 input)
    {
        var plan = new MemoryPlan(slots.Count);
        plan.Shapes[inputSlot] = input.Checked(nameof(input));
        var lengths = new long[slots.Count];
        var arenaSteps = new ArenaStep[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            Shape4[] shapes = Array.ConvertAll(step.Inputs, slot => plan.Shapes[slot]);
            Shape4 output;
            try
            {
                output = step.Operator.OutputShape(shapes).Checked(nameof(input));
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"The layer {step.Name} cannot take what reaches it from an input {input}. {exception.Message}", nameof(input), exception);
            }

            plan.Shapes[step.Output] = output;
            lengths[step.Output] = (long)output.Count * slots[step.Output].ElementSize;
            arenaSteps[i] = new ArenaStep(step.Inputs, step.Output) { InPlace = step.Operator.InPlaceInput, Places = step.Operator.Places(shapes, output) };
        }

        lengths[inputSlot] = (long)input.Count * slots[inputSlot].ElementSize;
        ArenaPlan arena = ArenaPlan.Of(lengths, arenaSteps, inputSlot, outputSlot);
        if (Math.Max(arena.Size, Math.Max(lengths[inputSlot], lengths[outputSlot])) > Array.MaxLength - ArenaPlan.Alignment)
        {
            throw new ArgumentException($"An input {input} needs more than 2 GB between the layers: run it in parts.", nameof(input));
        }

        for (int slot = 0; slot < lengths.Length; slot++)
        {
            plan.Offsets[slot] = (int)arena.Offsets[slot];
            plan.Lengths[slot] = (int)lengths[slot];
        }

        plan.Size = (int)arena.Size;
        plan.Sum = arena.Sum;
        return plan;
    }

    /// <summary>Plans slots of codes that lie one behind the other.</summary>
    public static MemoryPlan OfCodes(ReadOnlySpan<Shape4> shapes)
    {
        var plan = new MemoryPlan(shapes.Length);
        for (int slot = 0; slot < shapes.Length; slot++)
        {
            plan.Shapes[slot] = shapes[slot];
            plan.Offsets[slot] = plan.Size;
            plan.Lengths[slot] = shapes[slot].Count;
            plan.Size = checked(plan.Size + plan.Lengths[slot]);
        }

        return plan;
    }
}
