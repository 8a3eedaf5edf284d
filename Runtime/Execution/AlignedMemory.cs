using System;
using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>Native memory on a 64-byte boundary, zeroed, freed with its owner.</summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    private readonly bool _isOwned;

    /// <summary>One cache line, and one vector of the widest tier.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates zeroed memory.</summary>
    /// <param name="bytes">Its size, at least 0.</param>
    public AlignedMemory(nuint bytes)
        : base(0, ownsHandle: true)
    {
        Bytes = bytes;
        Func<nuint, nint>? allocate = AllocateForTest;
        _isOwned = allocate is null;
        void* memory = allocate is null ? NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment) : (void*)allocate(bytes);
        NativeMemory.Clear(memory, bytes);
        SetHandle((nint)memory);
    }

    /// <summary>Rounds a size up to whole cache lines.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The next multiple of <see cref="Alignment"/>.</returns>
    public static nint Align(nint bytes) => (bytes + Alignment - 1) & -Alignment;

    /// <summary>The size in bytes.</summary>
    public nuint Bytes { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer => (byte*)handle;

    /// <summary>A test's way to put guard pages around memory: size to address. Its memory is not freed here.</summary>
    internal static Func<nuint, nint>? AllocateForTest { get; set; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (_isOwned)
        {
            NativeMemory.AlignedFree((void*)handle);
        }

        return true;
    }
}
