using System.Collections.Generic;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Kernels.Bench.Peers;

/// <summary>
/// The system's native libraries under the names that imports use. Only interfaces that the imports were written for are loaded:
/// oneDNN 2.x, and XNNPACK as of early 2022, which Debian 12 packages.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>oneDNN 2.x.</summary>
    public const string OneDnn = "dnnl";

    /// <summary>XNNPACK.</summary>
    public const string Xnnpack = "XNNPACK";

    /// <summary>The OpenMP runtime that oneDNN is linked with.</summary>
    public const string OpenMp = "gomp";

    private static readonly Dictionary<string, string[]> Files = new()
    {
        [OneDnn] = ["libdnnl.so.2", "libdnnl.2.dylib"],
        [Xnnpack] = ["libXNNPACK.so.0", "libXNNPACK.so", "libXNNPACK.dylib"],
        [OpenMp] = ["libgomp.so.1"],
    };

    /// <summary>Makes imports find the libraries. Called once.</summary>
    public static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, static (name, _, _) => Load(name) ?? 0);

    /// <summary>Whether the system has a library.</summary>
    /// <param name="name">One of the names here.</param>
    public static bool Has(string name) => Load(name) is not null;

    /// <summary>Address of a function, or nothing when the library does not have it.</summary>
    /// <param name="name">One of the names here; the system has it.</param>
    /// <param name="function">Name of the function.</param>
    public static nint? Find(string name, string function) =>
        Load(name) is nint handle && NativeLibrary.TryGetExport(handle, function, out nint address) ? address : null;

    private static nint? Load(string name)
    {
        Assembly assembly = typeof(NativeLibraries).Assembly;
        foreach (string file in Files.GetValueOrDefault(name, []))
        {
            if (NativeLibrary.TryLoad(file, assembly, DllImportSearchPath.SafeDirectories, out nint handle))
            {
                return handle;
            }
        }

        return null;
    }
}
