using System;
using System.Runtime.InteropServices;

namespace Kernels.Execution;

/// <summary>
/// The processor of the calling thread, and how to leave it; on Linux alone. Linux wakes a helper on its caller's processor at times and leaves
/// both there for many milliseconds while another idles: it balances at its ticks only, and spares a thread that ran a moment ago.
/// </summary>
internal static unsafe partial class Processor
{
    /// <summary>Stands for no processor: the system does not tell.</summary>
    public const int Unknown = -1;

    /// <summary>Bytes of a mask of processors: 8192 of them, as many as Linux can have. It refuses masks shorter than its own.</summary>
    public const int MaskBytes = 1024;

    private static readonly bool s_isKnown = OperatingSystem.IsLinux() && BitConverter.IsLittleEndian && HasCalls();

    /// <summary>The processor that the calling thread is on, or <see cref="Unknown"/>. Takes nanoseconds; a moment later it may be another.</summary>
    public static int Current => s_isKnown ? GetProcessor() : Unknown;

    /// <summary>
    /// Moves the calling thread to another of the processors that it may use; where there is none, it stays. Its mask loses the
    /// processor, which makes Linux move it at once, and is then set again: nothing stays pinned. Throws and allocates nothing.
    /// </summary>
    /// <param name="processor">The processor to leave, as <see cref="Current"/> gave it.</param>
    /// <returns>Whether it moved, or was elsewhere.</returns>
    public static bool Leave(int processor)
    {
        if ((uint)processor >= 8 * MaskBytes)
        {
            return false;
        }

        Span<byte> before = stackalloc byte[MaskBytes];
        Span<byte> others = stackalloc byte[MaskBytes];
        if (!TryGetMask(before))
        {
            return false;
        }

        before.CopyTo(others);
        others[processor / 8] &= (byte)~(1 << (processor % 8));
        if (!others.ContainsAnyExcept((byte)0) || !TrySetMask(others))
        {
            return false;
        }

        TrySetMask(before);
        return true;
    }

    /// <summary>The processors that the calling thread may use: bit p % 8 of byte p / 8.</summary>
    /// <param name="mask">Gets them; <see cref="MaskBytes"/> bytes.</param>
    /// <returns>Whether the system told.</returns>
    public static bool TryGetMask(Span<byte> mask)
    {
        fixed (byte* bits = mask)
        {
            return s_isKnown && GetAffinity(0, (nuint)mask.Length, bits) == 0;
        }
    }

    private static bool TrySetMask(ReadOnlySpan<byte> mask)
    {
        fixed (byte* bits = mask)
        {
            return SetAffinity(0, (nuint)mask.Length, bits) == 0;
        }
    }

    // A C library without these calls is found out here: a helper must not throw.
    private static bool HasCalls()
    {
        byte* mask = stackalloc byte[MaskBytes];
        try
        {
            return GetProcessor() >= 0 && GetAffinity(0, MaskBytes, mask) == 0 && SetAffinity(0, 0, mask) != 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Some nanoseconds: too short a call to tell the garbage collector of.
    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* mask);
}
