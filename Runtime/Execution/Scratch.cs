using System;

namespace Kernels.Execution;

/// <summary>
/// One growing buffer a thread, so that a kernel allocates nothing after its first run of a size and a layer can run
/// on several threads at once. Only one kernel at a time uses a thread's buffer.
/// </summary>
internal static unsafe class Scratch
{
    [ThreadStatic]
    private static AlignedMemory? _memory;

    /// <summary>At least so many bytes on a 64-byte boundary, with any content.</summary>
    /// <param name="bytes">The size needed.</param>
    /// <returns>The first byte; valid on this thread until the next call.</returns>
    public static byte* Rent(nuint bytes)
    {
        AlignedMemory? memory = _memory;
        if (memory is null || memory.Bytes < bytes)
        {
            memory?.Dispose();
            _memory = memory = new AlignedMemory(bytes);
        }

        return memory.Pointer;
    }
}
