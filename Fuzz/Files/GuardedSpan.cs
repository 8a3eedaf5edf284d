using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Generators.Tests.Support;

namespace Kernels.Fuzz.Files;

/// <summary>Elements that end at a page nobody may touch. Such memory is never freed, so that pieces are kept for the next of their size.</summary>
internal readonly struct GuardedSpan<T> : IDisposable
    where T : unmanaged
{
    private static readonly Dictionary<int, Stack<GuardedMemory>> Kept = [];

    private readonly GuardedMemory _memory;

    public GuardedSpan(int count)
    {
        int bytes = count * Unsafe.SizeOf<T>();
        _memory = Of(bytes).TryPop(out GuardedMemory? kept) ? kept : new GuardedMemory(bytes, upper: true, alignment: Unsafe.SizeOf<T>());
    }

    public Span<T> Span => MemoryMarshal.Cast<byte, T>(_memory.Span);

    public void Dispose() => Of(_memory.Length).Push(_memory);

    private static Stack<GuardedMemory> Of(int bytes)
    {
        if (!Kept.TryGetValue(bytes, out Stack<GuardedMemory>? pieces))
        {
            Kept[bytes] = pieces = [];
        }

        return pieces;
    }
}
