using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Kernels.Execution;

/// <summary>
/// Memory for machine code: written first, then switched to readable and executable, never both writable and
/// executable. It is never freed: a kernel's code lives as long as the process.
/// </summary>
/// <remarks>
/// Each kernel has whole pages of its own. Kernels are loaded one by one, when they are first used, and a page that is
/// executable is never written again, so a later kernel cannot join an earlier one's page: that would take either a
/// moment in which the page is not executable, while other threads run in it, or a second, writable view of it. Only
/// an assembly that loads all its kernels at once could share pages; it would pay for kernels that nobody uses, and
/// for generating one file from all layers, to save less than a page (4 KB) a kernel.
/// </remarks>
internal static unsafe partial class ExecutableMemory
{
    private static int _requests;

    /// <summary>How often executable memory was asked for.</summary>
    public static int Requests => Volatile.Read(ref _requests);

    /// <summary>Maps code.</summary>
    /// <param name="code">The bytes.</param>
    /// <param name="refusal">Why there is none; empty on success.</param>
    /// <returns>Address of the first byte, or 0 when the system refuses.</returns>
    public static nint Map(ReadOnlySpan<byte> code, out string refusal)
    {
        Interlocked.Increment(ref _requests);
        int page = Environment.SystemPageSize;
        nuint size = (nuint)(code.Length + page - 1) & ~(nuint)(page - 1);
        return OperatingSystem.IsWindows() ? Windows.Map(code, size, out refusal) : Unix.Map(code, size, out refusal);
    }

    private static partial class Unix
    {
        private const int ProtRead = 1;
        private const int ProtWrite = 2;
        private const int ProtExec = 4;
        private const int MapPrivate = 2;
        private const int MapAnonymousLinux = 0x20;
        private const int MapAnonymousMac = 0x1000;

        public static nint Map(ReadOnlySpan<byte> code, nuint size, out string refusal)
        {
            int flags = MapPrivate | (OperatingSystem.IsMacOS() ? MapAnonymousMac : MapAnonymousLinux);
            nint memory = Mmap(0, size, ProtRead | ProtWrite, flags, -1, 0);
            if (memory is -1 or 0)
            {
                refusal = $"mmap failed with error {Marshal.GetLastPInvokeError()}";
                return 0;
            }

            code.CopyTo(new Span<byte>((void*)memory, code.Length));
            if (Mprotect(memory, size, ProtRead | ProtExec) == 0)
            {
                refusal = string.Empty;
                return memory;
            }

            refusal = $"mprotect refused executable memory with error {Marshal.GetLastPInvokeError()}";
            _ = Munmap(memory, size);
            return 0;
        }

        [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
        private static partial nint Mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
        private static partial int Mprotect(nint address, nuint length, int protection);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int Munmap(nint address, nuint length);
    }

    private static partial class Windows
    {
        private const uint CommitReserve = 0x3000;
        private const uint Release = 0x8000;
        private const uint ReadWrite = 0x04;
        private const uint ExecuteRead = 0x20;

        public static nint Map(ReadOnlySpan<byte> code, nuint size, out string refusal)
        {
            nint memory = VirtualAlloc(0, size, CommitReserve, ReadWrite);
            if (memory == 0)
            {
                refusal = $"VirtualAlloc failed with error {Marshal.GetLastPInvokeError()}";
                return 0;
            }

            code.CopyTo(new Span<byte>((void*)memory, code.Length));
            if (VirtualProtect(memory, size, ExecuteRead, out _) != 0)
            {
                refusal = string.Empty;
                return memory;
            }

            refusal = $"VirtualProtect refused executable memory with error {Marshal.GetLastPInvokeError()}";
            _ = VirtualFree(memory, 0, Release);
            return 0;
        }

        [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
        private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

        [LibraryImport("kernel32", EntryPoint = "VirtualProtect", SetLastError = true)]
        private static partial int VirtualProtect(nint address, nuint size, uint protection, out uint old);

        [LibraryImport("kernel32", EntryPoint = "VirtualFree")]
        private static partial int VirtualFree(nint address, nuint size, uint type);
    }
}
