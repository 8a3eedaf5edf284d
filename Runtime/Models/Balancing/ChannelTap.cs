using System;
using System.Runtime.InteropServices;
using Kernels.Models.Running;

namespace Kernels.Models.Balancing;

/// <summary>Collects the statistics of every value of a float model.</summary>
/// <param name="slots">The slot of each value; a stub's is its input's.</param>
internal sealed class ChannelTap(int[] slots) : ITap
{
    private readonly ChannelStatistics?[] _bySlot = new ChannelStatistics?[slots.Length + 1];

    /// <summary>What was seen of a value.</summary>
    /// <param name="value">The value: 0 for the model's input, i + 1 for node i.</param>
    public ChannelStatistics this[int value] => _bySlot[slots[value]] ?? throw new InvalidOperationException("No batch was given: the ranges of channels come from typical inputs.");

    /// <inheritdoc/>
    public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes)
    {
        ChannelStatistics statistics = _bySlot[slot] ??= new ChannelStatistics(shape.C);
        if (statistics.Channels != shape.C)
        {
            throw new ArgumentException($"A value of the model has {statistics.Channels} channels for one batch and {shape.C} for another: balance with batches of one size.", nameof(shape));
        }

        statistics.Observe(shape, MemoryMarshal.Cast<byte, float>(bytes));
    }
}
