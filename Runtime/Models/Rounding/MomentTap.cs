using System;
using System.Runtime.InteropServices;
using Kernels.Models.Running;

namespace Kernels.Models.Rounding;

/// <summary>Shows layers what they read.</summary>
/// <param name="readers">Layers, each with the slot of its input.</param>
internal sealed class MomentTap((int Slot, LayerMoments Moments)[] readers) : ITap
{
    /// <inheritdoc/>
    public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes)
    {
        foreach ((int input, LayerMoments moments) in readers)
        {
            if (input == slot)
            {
                moments.Add(shape, MemoryMarshal.Cast<byte, float>(bytes));
            }
        }
    }
}
