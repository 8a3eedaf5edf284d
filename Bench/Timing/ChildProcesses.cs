using System;
using System.Runtime.InteropServices;

namespace Kernels.Bench.Timing;

/// <summary>Processor time of processes that this one has started and waited for: .NET cannot ask for that of one that has ended, but on Windows.</summary>
internal static partial class ChildProcesses
{
    private const int Children = -1;

    // struct rusage: two pairs of seconds and microseconds, and 14 more numbers.
    private const int Numbers = 18;

    /// <summary>Their time so far, of user and system.</summary>
    /// <exception cref="BenchException">The system has no such call.</exception>
    public static TimeSpan Time
    {
        get
        {
            Span<long> usage = stackalloc long[Numbers];
            if (!OperatingSystem.IsLinux() || GetUsage(Children, ref usage[0]) != 0)
            {
                throw new BenchException("Processor time of child processes is measured on Linux only.");
            }

            return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
