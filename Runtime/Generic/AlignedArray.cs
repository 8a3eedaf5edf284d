using System;
using System.Runtime.CompilerServices;

namespace Kernels.Generic;

/// <summary>A zeroed array that never moves and starts at a multiple of 64 bytes, so that no vector load crosses a cache line.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _array;

    public AlignedArray(int length)
    {
        int slack = Alignment / sizeof(T);
        _array = GC.AllocateArray<T>(checked(length + slack), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (T*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
        Length = length;
    }

    /// <summary>The first element. Valid as long as this object is reachable.</summary>
    public T* Pointer { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The elements.</summary>
    public Span<T> Span => new(Pointer, Length);
}
