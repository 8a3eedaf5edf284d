using System;

namespace Kernels.Execution;

/// <summary>Where a team stands, in one word: so that claiming rows, joining and leaving are one atomic step each.</summary>
/// <param name="Unclaimed">Rows that nobody has claimed: the last ones of the run.</param>
/// <param name="Seats">Helpers that may still join.</param>
/// <param name="Running">Threads that are in a band.</param>
/// <param name="IsAwaited">Whether the caller sleeps until nobody is in a band.</param>
internal readonly record struct RowTeamState(int Unclaimed, int Seats, int Running, bool IsAwaited)
{
    private const int SeatsShift = 32;
    private const int RunningShift = 45;
    private const int CountMask = (1 << (RunningShift - SeatsShift)) - 1;

    /// <summary>The word.</summary>
    public long Word => (IsAwaited ? long.MinValue : 0) + ((long)Running << RunningShift) + ((long)Seats << SeatsShift) + Unclaimed;

    /// <summary>Whether a helper that comes now gets rows.</summary>
    public bool CanBeJoined => Seats > 0 && Unclaimed > 0;

    /// <summary>The state of a word.</summary>
    public static RowTeamState Of(long word) => new(
        (int)(word & int.MaxValue),
        (int)(word >> SeatsShift) & CountMask,
        (int)(word >> RunningShift) & CountMask,
        word < 0);

    /// <summary>The state after somebody claimed so many rows, or all that are left.</summary>
    public RowTeamState Claim(int rows) => this with { Unclaimed = Unclaimed - Math.Min(rows, Unclaimed) };

    /// <summary>The state after a helper joined and claimed rows.</summary>
    public RowTeamState Join(int rows) => Claim(rows) with { Seats = Seats - 1, Running = Running + 1 };

    /// <summary>The state after somebody left; the last one wakes the caller.</summary>
    public RowTeamState Leave() => this with { Running = Running - 1, IsAwaited = IsAwaited && Running > 1 };
}
