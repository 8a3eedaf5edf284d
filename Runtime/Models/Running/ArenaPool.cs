using System;
using System.Threading;
using Kernels.Generic;

namespace Kernels.Models.Running;

/// <summary>
/// The arenas of a model's calls. Each call takes one and puts it back, without locks, mostly the one that its thread had before. There are as
/// many as calls ran at once; then nothing is allocated.
/// </summary>
internal sealed class ArenaPool
{
    // More than threads that run at once on the machines there are; what finds no place is collected.
    public const int Capacity = 128;

    private readonly AlignedArray<byte>?[] _free = new AlignedArray<byte>?[Capacity];

    /// <summary>An arena of at least this size; its content is arbitrary.</summary>
    public AlignedArray<byte> Rent(int size)
    {
        int start = Environment.CurrentManagedThreadId;
        AlignedArray<byte>? small = null;
        for (int i = 0; i < Capacity; i++)
        {
            ref AlignedArray<byte>? place = ref _free[(start + i) % Capacity];
            if (place is null || Interlocked.Exchange(ref place, null) is not { } arena)
            {
                continue;
            }

            if (arena.Length >= size)
            {
                if (small is not null)
                {
                    Return(small);
                }

                return arena;
            }

            small = arena;
        }

        return new AlignedArray<byte>(size);
    }

    /// <summary>Makes arenas for so many calls at once.</summary>
    public void Reserve(int size, int calls)
    {
        foreach (AlignedArray<byte> arena in Array.ConvertAll(new AlignedArray<byte>?[calls], _ => Rent(size)))
        {
            Return(arena);
        }
    }

    /// <summary>Gives an arena back.</summary>
    public void Return(AlignedArray<byte> arena)
    {
        int start = Environment.CurrentManagedThreadId;
        for (int i = 0; i < Capacity; i++)
        {
            ref AlignedArray<byte>? place = ref _free[(start + i) % Capacity];
            if (place is null && Interlocked.CompareExchange(ref place, arena, null) is null)
            {
                return;
            }
        }
    }
}
