using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Kernels.Models.Running;

/// <summary>Notes the time from one written value to the next.</summary>
internal sealed class StepClock : ITap
{
    private readonly Dictionary<int, List<TimeSpan>> _times = [];
    private readonly List<int> _order = [];
    private long _last;

    /// <summary>The slots in the order in which they are written.</summary>
    public IReadOnlyList<int> Slots => _order;

    /// <summary>Starts a run.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>The median time of the step that writes a slot.</summary>
    /// <param name="slot">The slot.</param>
    public TimeSpan Median(int slot)
    {
        List<TimeSpan> times = _times[slot];
        times.Sort();
        return times[times.Count / 2];
    }

    /// <inheritdoc/>
    public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes)
    {
        long now = Stopwatch.GetTimestamp();
        if (!_times.TryGetValue(slot, out List<TimeSpan>? times))
        {
            _times[slot] = times = [];
            _order.Add(slot);
        }

        times.Add(Stopwatch.GetElapsedTime(_last, now));
        _last = Stopwatch.GetTimestamp();
    }
}
