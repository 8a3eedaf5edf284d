using System;
using System.Runtime.InteropServices;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Memory between two pages that nobody may touch: one access outside ends the process. It lies against one of them:
/// against the upper one to find reads and writes behind the end, against the lower one to find those before the start.
/// It is never freed: only processes that end soon use it.
/// </summary>
internal sealed unsafe partial class GuardedMemory
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivate = 2;
    private const int MapAnonymousLinux = 0x20;
    private const int MapAnonymousMac = 0x1000;

    /// <summary>Allocates zeroed memory.</summary>
    /// <param name="bytes">Its size, at least 0.</param>
    /// <param name="upper">Whether it ends at the upper guard, but for the alignment, or starts at the lower one.</param>
    /// <param name="alignment">Its address is a multiple of this power of two.</param>
    public GuardedMemory(nint bytes, bool upper, int alignment = 1)
    {
        nint page = Environment.SystemPageSize;
        nint inner = (Math.Max(bytes, 1) + page - 1) & -page;
        Length = (int)bytes;
        nint map = Mmap(0, inner + 2 * page, ProtNone, MapPrivate | (OperatingSystem.IsMacOS() ? MapAnonymousMac : MapAnonymousLinux), -1, 0);
        if (map == -1 || Mprotect(map + page, inner, ProtReadWrite) != 0)
        {
            throw new OutOfMemoryException($"No guarded memory: error {Marshal.GetLastPInvokeError()}");
        }

        Pointer = (byte*)(upper ? (map + page + inner - bytes) & -alignment : map + page);
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>The size in bytes.</summary>
    public int Length { get; }

    public Span<byte> Span => new(Pointer, Length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Mprotect(nint address, nint length, int protection);
}
