using System;
using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>Native memory on a 64-byte boundary, zeroed, freed with its owner.</summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    /// <summary>One cache line, and one vector of the widest tier.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates zeroed memory.</summary>
    /// <param name="bytes">Its size, at least 0.</param>
    public AlignedMemory(nuint bytes)
        : base(0, ownsHandle: true)
    {
        Bytes = bytes;
        void* memory = NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        NativeMemory.Clear(memory, bytes);
        SetHandle((nint)memory);
    }

    /// <summary>The size in bytes.</summary>
    public nuint Bytes { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer => (byte*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
