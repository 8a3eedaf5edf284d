using System;
using System.Runtime.CompilerServices;

namespace Kernels.Execution;

/// <summary>Calls routines of machine code.</summary>
internal static unsafe class Routine
{
    /// <summary>Runs a routine over tiles, in portions: it is called without a change of the garbage collector's mode, so a collection waits for it.</summary>
    /// <param name="call">What the routine reads.</param>
    /// <param name="portion">The field there that says how many tiles it works through.</param>
    /// <param name="routine">Its address.</param>
    /// <param name="most">Most tiles of a portion, at least 1.</param>
    /// <param name="tiles">Tiles; may be 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(void* call, nint* portion, nint routine, nint most, nint tiles)
    {
        for (; tiles > 0; tiles -= most)
        {
            *portion = Math.Min(tiles, most);
            ((delegate* unmanaged[SuppressGCTransition]<void*, void>)routine)(call);
        }
    }
}
