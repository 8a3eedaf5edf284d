using System;
using Kernels.Bench.Peers;

namespace Kernels.Bench;

/// <summary>Everything runs on one thread: what has a limit of its own is told so here.</summary>
internal static class SingleThread
{
    /// <summary>Sets the limits of this process and of the calling thread, which must be the one that measures.</summary>
    public static void Apply()
    {
        KernelThreads.MaxDegreeOfParallelism = 1;

        // Read by OpenMP runtimes other than the system's when they are loaded.
        Environment.SetEnvironmentVariable("OMP_NUM_THREADS", "1");
        if (NativeLibraries.Has(NativeLibraries.OpenMp))
        {
            OpenMp.SetThreads(1);
        }
    }
}
