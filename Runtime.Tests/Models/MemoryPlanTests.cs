using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models.Running;
using Xunit;

namespace Kernels.Tests.Models;

public class MemoryPlanTests
{
    private static readonly Shape4 Shape = new(1, 2, 8, 8);

    [Fact]
    public void Slots_that_live_at_the_same_time_overlap_only_where_a_step_writes_in_place()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            GraphProgram program = RandomProgram(random);
            MemoryPlan plan = Plan(program, Shape);

            for (int a = 1; a < plan.Shapes.Length; a++)
            {
                for (int b = 1; b < a; b++)
                {
                    bool overlap = plan.Offsets[a] < plan.Offsets[b] + plan.Lengths[b] && plan.Offsets[b] < plan.Offsets[a] + plan.Lengths[a];
                    bool isInArena = a != program.OutputSlot && b != program.OutputSlot;
                    (int firstA, _) = Life(program, a);
                    bool isInPlace = program.Steps[firstA].Inputs[0] == b && Life(program, b).Last == firstA && plan.Offsets[a] == plan.Offsets[b];
                    Assert.False(isInArena && overlap && !isInPlace && Meet(program, a, b), $"seed {seed}: slots {a} and {b}");
                }
            }
        }
    }

    [Fact]
    public void A_chain_needs_two_buffers()
    {
        var program = new GraphProgram(2);
        int slot = program.InputSlot;
        for (int i = 0; i < 10; i++)
        {
            slot = program.Add($"relu{i}", new FloatOperator(new FloatRelu()), [slot], isFloat: true);
        }

        program.OutputSlot = slot;

        Assert.Equal(2 * Shape.Count * sizeof(float), Plan(program, Shape).Size);
    }

    [Fact]
    public void An_arena_of_more_than_2_GB_is_refused_with_advice()
    {
        var program = new GraphProgram(1);
        int a = program.Add("a", new FloatOperator(new FloatRelu()), [0], isFloat: true);
        program.OutputSlot = program.Add("b", new FloatOperator(new FloatRelu()), [a], isFloat: true);

        var exception = Assert.Throws<ArgumentException>(() => Plan(program, new Shape4(1, 1, 30_000, 30_000)));

        Assert.Contains("run it in parts", exception.Message, StringComparison.Ordinal);
    }

    private static MemoryPlan Plan(GraphProgram program, Shape4 input) => MemoryPlan.Of(program.Slots, program.Steps, program.InputSlot, program.OutputSlot, input);

    private static GraphProgram RandomProgram(Random random)
    {
        var program = new GraphProgram(2);
        var open = new List<int> { 0 };
        for (int i = 0; i < 20; i++)
        {
            int a = open[random.Next(open.Count)];
            int b = open[random.Next(open.Count)];
            open.Add(program.Add($"add{i}", new BinaryOperator<float>(new FloatAdd()), [a, b], isFloat: true));
        }

        program.OutputSlot = open[^1];
        return program;
    }

    private static bool Meet(GraphProgram program, int a, int b)
    {
        (int firstA, int lastA) = Life(program, a);
        (int firstB, int lastB) = Life(program, b);
        return firstA <= lastB && firstB <= lastA;
    }

    private static (int First, int Last) Life(GraphProgram program, int slot)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < program.Steps.Count; i++)
        {
            if (program.Steps[i].Output == slot)
            {
                first = last = i;
            }

            last = Array.IndexOf(program.Steps[i].Inputs, slot) >= 0 ? i : last;
        }

        return (first, last);
    }
}
