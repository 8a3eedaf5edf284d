using System.Collections.Generic;

namespace Kernels.Memory;

/// <summary>A step of a program as far as memory goes.</summary>
/// <param name="Inputs">The slots that it reads.</param>
/// <param name="Output">The slot that it writes.</param>
internal sealed record ArenaStep(IReadOnlyList<int> Inputs, int Output)
{
    /// <summary>Which input's memory the output may take, since each element is read before it is written; -1 for none.</summary>
    public int InPlace { get; init; } = -1;

    /// <summary>A concatenation: where each input lies in the output, in bytes, if it lies there in one piece and unchanged; -1 otherwise. Null for other steps.</summary>
    public IReadOnlyList<long>? Places { get; init; }
}
