using System;

namespace Kernels.Shared;

/// <summary>
/// How much a call of machine code does before it returns for a moment. Routines are called without a change of the garbage
/// collector's mode, so a collection waits for them.
/// </summary>
internal static class CallBudget
{
    // Some 10 microseconds of a core that runs a dot step a cycle.
    private const int DotSteps = 1 << 15;

    /// <summary>Tiles of a call, at least 1.</summary>
    /// <param name="dotsOfTile">Dot steps of a tile; 0 where no tap reaches.</param>
    public static int Tiles(int dotsOfTile) => Math.Max(1, DotSteps / Math.Max(1, dotsOfTile));
}
