using System;

namespace Kernels.Models.Running;

/// <summary>Sees every slot right after it was written, before its memory is used again.</summary>
internal interface ITap
{
    /// <summary>A slot was written.</summary>
    /// <param name="slot">Which.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bytes">Its memory: float32 values or codes, in order n, h, w, c.</param>
    void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes);
}
