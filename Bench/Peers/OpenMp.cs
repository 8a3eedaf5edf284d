using System.Runtime.InteropServices;

namespace Kernels.Bench.Peers;

/// <summary>The OpenMP runtime.</summary>
internal static partial class OpenMp
{
    /// <summary>Threads of the parallel regions that the calling thread starts.</summary>
    [LibraryImport(NativeLibraries.OpenMp, EntryPoint = "omp_set_num_threads")]
    public static partial void SetThreads(int threads);
}
