using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Memory;
using Xunit;

namespace Kernels.Tests.Shared;

public class ArenaPlanTests
{
    [Fact]
    public void Every_step_reads_what_was_written_for_it()
    {
        int shared = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var program = new RandomProgram(new Random(seed));
            ArenaPlan plan = ArenaPlan.Of(program.Lengths, program.Steps, 0, program.Output);

            Assert.True(program.IsKept(plan), $"seed {seed}");
            Assert.True(plan.Size <= plan.Sum + 64 * program.Lengths.Count, $"seed {seed}");
            shared += plan.Offsets.Where((offset, slot) => offset % ArenaPlan.Alignment != 0 && slot != 0).Any() ? 1 : 0;
        }

        Assert.True(shared > 40, $"Only {shared} programs have an input made in its place.");
    }

    [Fact]
    public void A_chain_that_writes_in_place_needs_one_buffer_and_another_two()
    {
        long[] lengths = [100, 100, 100, 100, 100];
        ArenaStep[] steps = [new([0], 1), new([1], 2), new([2], 3), new([3], 4)];

        Assert.Equal(228, ArenaPlan.Of(lengths, steps, 0, 4).Size);
        Assert.Equal(100, ArenaPlan.Of(lengths, Array.ConvertAll(steps, static step => step with { InPlace = 0 }), 0, 4).Size);
        Assert.Equal(300, ArenaPlan.Of(lengths, steps, 0, 4).Sum);
    }

    [Fact]
    public void Inputs_of_a_concatenation_are_made_in_their_places()
    {
        long[] lengths = [10, 10, 20, 30, 30];
        ArenaStep[] steps = [new([0], 1), new([0], 2), new([1, 2], 3) { Places = [0, 10] }, new([3], 4)];

        ArenaPlan plan = ArenaPlan.Of(lengths, steps, 0, 4);

        Assert.Equal([0, 0, 10, 0, 0], plan.Offsets);
        Assert.Equal(30, plan.Size);
    }

    [Fact]
    public void A_place_is_not_taken_from_a_value_that_is_still_read()
    {
        // Slot 1 is read by the last step, so that step 1 must not write over it.
        long[] lengths = [8, 8, 8, 8];
        ArenaStep[] steps = [new([0], 1), new([1], 2) { InPlace = 0 }, new([1, 2], 3)];

        ArenaPlan plan = ArenaPlan.Of(lengths, steps, 0, 3);

        Assert.NotEqual(plan.Offsets[1], plan.Offsets[2]);
    }

    /// <summary>A program of steps that make new values, some in place, and concatenations; and a run of it that says whether all values were kept.</summary>
    private sealed class RandomProgram
    {
        private const int Slots = 24;

        public RandomProgram(Random random)
        {
            Lengths.Add(random.Next(1, 200));
            for (int slot = 1; slot < Slots; slot++)
            {
                int count = random.Next(1, 4);
                int[] inputs = [.. Enumerable.Range(0, count).Select(_ => random.Next(Math.Max(0, slot - 6), slot))];
                if (count > 1 && random.Next(2) == 0)
                {
                    long length = 0;
                    var places = new List<long>();
                    foreach (int input in inputs)
                    {
                        places.Add(random.Next(4) == 0 ? -1 : length);
                        length += Lengths[input];
                    }

                    Lengths.Add(length);
                    Steps.Add(new ArenaStep(inputs, slot) { Places = places });
                }
                else
                {
                    Lengths.Add(random.Next(2) == 0 ? Lengths[inputs[0]] : random.Next(1, 200));
                    Steps.Add(new ArenaStep(inputs, slot) { InPlace = random.Next(-1, 1) });
                }
            }
        }

        public List<long> Lengths { get; } = [];

        public List<ArenaStep> Steps { get; } = [];

        public int Output => Slots - 1;

        public bool IsKept(ArenaPlan plan)
        {
            var arena = new int[plan.Size];
            var contents = new int[Slots][];
            contents[0] = new int[Lengths[0]];
            foreach (ArenaStep step in Steps)
            {
                foreach (int input in step.Inputs)
                {
                    if (input != 0 && !Place(input).SequenceEqual(contents[input]))
                    {
                        return false;
                    }
                }

                contents[step.Output] = step.Places is null
                    ? [.. Enumerable.Repeat(step.Output, (int)Lengths[step.Output])]
                    : [.. step.Inputs.SelectMany(input => contents[input])];
                if (step.Output != Output)
                {
                    contents[step.Output].CopyTo(Place(step.Output));
                }
            }

            return true;

            Span<int> Place(int slot) => arena.AsSpan((int)plan.Offsets[slot], (int)Lengths[slot]);
        }
    }
}
