using System;
using System.Collections.Generic;

namespace Kernels.Models.Running;

/// <summary>
/// Shapes of all slots for one input shape, and their places in an arena. Slots that are never alive at the same time share
/// memory: the largest are placed first, each at the lowest free place.
/// </summary>
internal sealed class MemoryPlan
{
    // A cache line, so that neighbours do not share one.
    private const int Alignment = 64;

    private MemoryPlan(int slots)
    {
        Shapes = new Shape4[slots];
        Offsets = new int[slots];
        Lengths = new int[slots];
    }

    /// <summary>Shape of each slot.</summary>
    public Shape4[] Shapes { get; }

    /// <summary>Where each slot starts in the arena.</summary>
    public int[] Offsets { get; }

    /// <summary>Bytes of each slot.</summary>
    public int[] Lengths { get; }

    /// <summary>Bytes of the arena.</summary>
    public int Size { get; private set; }

    /// <summary>Plans a program for an input shape.</summary>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it; the message names it. Or the arena would be too large.</exception>
    public static MemoryPlan Of(GraphProgram program, Shape4 input)
    {
        var plan = new MemoryPlan(program.Slots.Count);
        plan.Shapes[program.InputSlot] = input.Checked(nameof(input));
        Span<Shape4> shapes = new Shape4[program.MostInputs];
        foreach (Step step in program.Steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                shapes[i] = plan.Shapes[step.Inputs[i]];
            }

            try
            {
                plan.Shapes[step.Output] = step.Operator.OutputShape(shapes[..step.Inputs.Length]).Checked(nameof(input));
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"The layer {step.Name} cannot take what reaches it from an input {input}. {exception.Message}", nameof(input), exception);
            }
        }

        plan.Place(program);
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

    private void Place(GraphProgram program)
    {
        var lives = new (int First, int Last)[Shapes.Length];
        for (int i = 0; i < program.Steps.Count; i++)
        {
            Step step = program.Steps[i];
            lives[step.Output] = (i, i);
            foreach (int slot in step.Inputs)
            {
                lives[slot].Last = i;
            }
        }

        var order = new List<int>();
        for (int slot = 0; slot < Shapes.Length; slot++)
        {
            long length = (long)Shapes[slot].Count * program.Slots[slot].ElementSize;
            Lengths[slot] = length <= int.MaxValue ? (int)length : throw TooLarge(Shapes[program.InputSlot]);
            // Both of these are the caller's memory.
            if (slot != program.InputSlot && slot != program.OutputSlot)
            {
                order.Add(slot);
            }
        }

        order.Sort((a, b) => Lengths[a] != Lengths[b] ? Lengths[b].CompareTo(Lengths[a]) : a.CompareTo(b));
        var placed = new List<int>();
        long size = 0;
        foreach (int slot in order)
        {
            // Placed slots are in the order of their offsets, so the first gap is the lowest.
            long offset = 0;
            foreach (int other in placed)
            {
                bool meet = lives[other].First <= lives[slot].Last && lives[slot].First <= lives[other].Last;
                if (meet && offset + Lengths[slot] > Offsets[other])
                {
                    offset = Math.Max(offset, Aligned((long)Offsets[other] + Lengths[other]));
                }
            }

            if (offset + Lengths[slot] > Array.MaxLength)
            {
                throw TooLarge(Shapes[program.InputSlot]);
            }

            Offsets[slot] = (int)offset;
            placed.Insert(placed.FindLastIndex(other => Offsets[other] <= offset) + 1, slot);
            size = Math.Max(size, offset + Lengths[slot]);
        }

        Size = (int)size;
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) & -Alignment;

    private static ArgumentException TooLarge(Shape4 input) =>
        new($"An input {input} needs more than 2 GB between the layers: run it in parts.", nameof(input));
}
