using System;

namespace Kernels.Models;

/// <summary>Two buffers that the layers of a sequence use in turn: each writes one while it reads the other. They grow and stay.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PingPong<T>
    where T : unmanaged
{
    private T[] _even = [];
    private T[] _odd = [];

    /// <summary>Room for the output of a layer; valid until the layer after the next one writes.</summary>
    public Span<T> Take(int layer, int count)
    {
        ref T[] buffer = ref (layer & 1) == 0 ? ref _even : ref _odd;
        if (buffer.Length < count)
        {
            buffer = new T[count];
        }

        return buffer.AsSpan(0, count);
    }
}
