using System;
using System.Diagnostics;
using System.IO;

namespace Kernels.Fuzz.Files;

/// <summary>What must hold of every file, valid or not.</summary>
internal static class FileCheck
{
    private const int MostMilliseconds = 2_000;

    private const long LoadFactor = 20;

    // What the objects of a small model take, whatever its file.
    private const long LoadBytes = 16 << 20;

    /// <summary>Reads a file and runs what it holds.</summary>
    /// <returns>What is wrong; null when the file was refused as documented, or all ran.</returns>
    public static string? Check(FileTarget target, string path, out bool isRead)
    {
        Action? run = null;
        isRead = false;
        string? failure = Measured("load", Math.Max(LoadBytes, LoadFactor * new FileInfo(path).Length), () =>
        {
            try
            {
                run = target.Read(path);
            }
            catch (InvalidDataException)
            {
            }
        });
        isRead = run is not null;
        return failure ?? (run is null ? null : Measured("run", long.MaxValue, run));
    }

    private static string? Measured(string what, long mostBytes, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        try
        {
            action();
        }
        catch (Exception exception)
        {
            return $"{what}: {exception.GetType().Name}: {exception.Message.Split('\n')[0]}{Environment.NewLine}{exception.StackTrace}";
        }

        // The machine may be busy with something else, or with this on several cores.
        double milliseconds = Math.Min(watch.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
        if (milliseconds > MostMilliseconds)
        {
            return $"{what}: {milliseconds:F0} ms";
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return bytes > mostBytes ? $"{what}: {bytes} bytes allocated, at most {mostBytes} allowed" : null;
    }
}
