using System;
using System.Runtime.InteropServices;

namespace Kernels.Bench.Peers;

/// <summary>Memory for native libraries: aligned to 64 bytes, with room behind the end, where some of them read.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int Spare = 128;

    private void* _pointer;

    /// <summary>Allocates memory, filled with zeros.</summary>
    /// <param name="bytes">Its size.</param>
    public NativeBuffer(long bytes)
    {
        nuint size = (nuint)bytes + Spare;
        _pointer = NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(_pointer, size);
        Bytes = bytes;
    }

    /// <summary>Size without what is spare.</summary>
    public long Bytes { get; }

    /// <summary>The first byte. Valid until <see cref="Dispose"/>.</summary>
    public nint Address => (nint)_pointer;

    /// <summary>Allocates memory and copies elements into it.</summary>
    /// <param name="values">The elements.</param>
    public static NativeBuffer Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = new NativeBuffer((long)values.Length * sizeof(T));
        values.CopyTo(buffer.Span<T>());
        return buffer;
    }

    /// <summary>The memory as elements.</summary>
    public Span<T> Span<T>()
        where T : unmanaged => new(_pointer, (int)(Bytes / sizeof(T)));

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
