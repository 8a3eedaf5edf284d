using System;
using System.Collections.Generic;

namespace Kernels.Memory;

/// <summary>
/// Places of a program's slots in one arena. A slot lives from the step that writes it to the last one that reads it, and slots that are never
/// alive at the same time share memory: the largest are placed first, each at the lowest free place. Inputs of a concatenation are
/// made in their places in it where that is possible, and steps that go element by element write over what they read.
/// </summary>
internal sealed class ArenaPlan
{
    /// <summary>A cache line, so that neighbours do not share one.</summary>
    public const int Alignment = 64;

    private readonly IReadOnlyList<long> _lengths;
    private readonly int[] _roots;
    private readonly long[] _within;
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly bool[] _isInArena;

    private ArenaPlan(IReadOnlyList<long> lengths)
    {
        _lengths = lengths;
        _roots = new int[lengths.Count];
        _within = new long[lengths.Count];
        _first = new int[lengths.Count];
        _last = new int[lengths.Count];
        _isInArena = new bool[lengths.Count];
        Offsets = new long[lengths.Count];
    }

    /// <summary>Where each slot starts; 0 for one that is not in the arena.</summary>
    public long[] Offsets { get; }

    /// <summary>Bytes of the arena.</summary>
    public long Size { get; private set; }

    /// <summary>Bytes of all slots in it together.</summary>
    public long Sum { get; private set; }

    /// <summary>Plans a program.</summary>
    /// <param name="lengths">Bytes of each slot.</param>
    /// <param name="steps">The steps in the order in which they run; each slot is written by one.</param>
    /// <param name="external">Slots in memory of the caller: the program's input and output.</param>
    public static ArenaPlan Of(IReadOnlyList<long> lengths, IReadOnlyList<ArenaStep> steps, params int[] external)
    {
        var plan = new ArenaPlan(lengths);
        plan.FindLives(steps, external);
        plan.JoinConcatenations(steps);
        plan.WriteInPlace(steps);
        plan.Place();
        return plan;
    }

    private void FindLives(IReadOnlyList<ArenaStep> steps, int[] external)
    {
        for (int slot = 0; slot < _roots.Length; slot++)
        {
            _roots[slot] = slot;
        }

        for (int i = 0; i < steps.Count; i++)
        {
            int output = steps[i].Output;
            _isInArena[output] = Array.IndexOf(external, output) < 0;
            _first[output] = i;
            _last[output] = i;
            foreach (int input in steps[i].Inputs)
            {
                _last[input] = i;
            }
        }
    }

    private void JoinConcatenations(IReadOnlyList<ArenaStep> steps)
    {
        foreach (ArenaStep step in steps)
        {
            for (int k = 0; step.Places is not null && _isInArena[step.Output] && k < step.Places.Count; k++)
            {
                int input = step.Inputs[k];
                if (step.Places[k] >= 0 && IsOwn(input) && Occurrences(step.Inputs, input) == 1)
                {
                    Join(input, step.Output, step.Places[k]);
                }
            }
        }
    }

    private void WriteInPlace(IReadOnlyList<ArenaStep> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            ArenaStep step = steps[i];
            int input = step.InPlace < 0 ? -1 : step.Inputs[step.InPlace];
            if (input >= 0
                && _isInArena[step.Output]
                && IsOwn(input)
                && _last[input] == i
                && _lengths[input] == _lengths[step.Output]
                && Occurrences(step.Inputs, input) == 1)
            {
                Join(input, step.Output, 0);
            }
        }
    }

    /// <summary>Whether a slot has memory that lies in no other's; its last reader then is that of all that lies in it.</summary>
    private bool IsOwn(int slot) => _isInArena[slot] && _roots[slot] == slot;

    private static int Occurrences(IReadOnlyList<int> inputs, int input)
    {
        int count = 0;
        foreach (int other in inputs)
        {
            count += other == input ? 1 : 0;
        }

        return count;
    }

    /// <summary>Lays a slot, with all that lies in it, into another one.</summary>
    private void Join(int slot, int into, long offset)
    {
        int root = _roots[into];
        offset += _within[into];
        for (int other = 0; other < _roots.Length; other++)
        {
            if (_roots[other] == slot)
            {
                _roots[other] = root;
                _within[other] += offset;
            }
        }

        _first[root] = Math.Min(_first[root], _first[slot]);
        _last[root] = Math.Max(_last[root], _last[slot]);
    }

    private void Place()
    {
        var order = new List<int>();
        for (int slot = 0; slot < _roots.Length; slot++)
        {
            if (IsOwn(slot))
            {
                order.Add(slot);
            }

            Sum += _isInArena[slot] ? _lengths[slot] : 0;
        }

        order.Sort((a, b) => _lengths[a] != _lengths[b] ? _lengths[b].CompareTo(_lengths[a]) : a.CompareTo(b));
        var placed = new List<int>();
        foreach (int slot in order)
        {
            // Placed slots are in the order of their offsets, so the first gap is the lowest.
            long offset = 0;
            foreach (int other in placed)
            {
                bool meet = _first[other] <= _last[slot] && _first[slot] <= _last[other];
                if (meet && offset + _lengths[slot] > Offsets[other])
                {
                    offset = Math.Max(offset, Aligned(Offsets[other] + _lengths[other]));
                }
            }

            Offsets[slot] = offset;
            placed.Insert(placed.FindLastIndex(other => Offsets[other] <= offset) + 1, slot);
            Size = Math.Max(Size, offset + _lengths[slot]);
        }

        for (int slot = 0; slot < _roots.Length; slot++)
        {
            if (_isInArena[slot] && _roots[slot] != slot)
            {
                Offsets[slot] = Offsets[_roots[slot]] + _within[slot];
            }
        }
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) & -Alignment;
}
