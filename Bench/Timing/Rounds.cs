using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Kernels.Bench.Timing;

/// <summary>
/// Interleaved rounds: in each, every contestant has a turn of some milliseconds, so that a slow spell of the machine
/// hits all alike; the result is the median of the turns. Slow contestants sit out most rounds.
/// </summary>
internal static class Rounds
{
    private const double TurnMilliseconds = 1.5;
    private const double SlowMilliseconds = 6;
    private const int MostRounds = 61;
    private const int FewestRounds = 5;

    // The runtime promotes a method after 30 calls, 100 ms after the last new one.
    private const int ManagedWarmCalls = 40;
    private const int PromotionMilliseconds = 130;
    private const int MostWarmMilliseconds = 4000;
    private const int RestMilliseconds = 10;

    // Before a promotion starts, one that only counts calls looks like rest; a method has two to go.
    private const int Rests = 3;
    private const double ManagedWarmMilliseconds = 150;
    private const double NativeWarmMilliseconds = 10;

    /// <summary>Times contestants.</summary>
    /// <param name="contestants">The contestants; all have run at least once.</param>
    /// <param name="budget">Time for all of it; kept but for the fewest rounds.</param>
    /// <returns>Median microseconds of a run, in the same order.</returns>
    public static double[] Measure(IReadOnlyList<Contestant> contestants, TimeSpan budget)
    {
        var watch = Stopwatch.StartNew();
        double[] estimates = Warm(contestants);
        int[] calls = [.. estimates.Select(estimate => Math.Max(1, (int)(TurnMilliseconds / estimate)))];

        // Short runs have at least one that is not timed: it brings their data back into the caches.
        int[] warm = [.. estimates.Select((estimate, i) => Math.Max(calls[i] > 1 ? 1 : 0, (int)(contestants[i].WarmMilliseconds / estimate)))];
        double fast = 0;
        double slow = 0;
        for (int i = 0; i < calls.Length; i++)
        {
            bool sitsOut = IsSlow(estimates[i]);
            fast += sitsOut ? 0 : (warm[i] + calls[i]) * estimates[i];
            slow += sitsOut ? estimates[i] : 0;
        }

        // Where all are slow, nobody sits out.
        bool allSlow = fast == 0;
        double left = (budget - watch.Elapsed).TotalMilliseconds - (allSlow ? 0 : slow * FewestRounds);
        int rounds = Math.Clamp((int)(left / (allSlow ? slow : fast)), FewestRounds, MostRounds);
        var times = contestants.Select(_ => new List<double>(rounds)).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            // Each round starts with another contestant: nobody always follows the same one.
            for (int turn = 0; turn < calls.Length; turn++)
            {
                int i = (turn + round) % calls.Length;
                if (allSlow || !IsSlow(estimates[i]) || round % (rounds / FewestRounds) == 0)
                {
                    times[i].Add(Time(contestants[i], warm[i], calls[i]));
                }
            }
        }

        return [.. times.Select(Median)];
    }

    /// <summary>The median.</summary>
    /// <param name="values">At least one value; sorted by this call.</param>
    public static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static bool IsSlow(double milliseconds) => milliseconds > SlowMilliseconds;

    // Milliseconds of a run, roughly.
    private static double[] Warm(IReadOnlyList<Contestant> contestants)
    {
        // Promotion has steps, each after calls, and a large kernel's takes a second of another core, which is a second thread's.
        var watch = Stopwatch.StartNew();
        for (int rests = 0; rests < Rests && watch.ElapsedMilliseconds < MostWarmMilliseconds; rests = IsAtRest() ? rests + 1 : 0)
        {
            foreach (Contestant contestant in contestants.Where(contestant => contestant.IsManaged))
            {
                Repeat(contestant, ManagedWarmMilliseconds);
            }
        }

        return [.. contestants.Select(contestant => Repeat(contestant, NativeWarmMilliseconds))];
    }

    // Whether nothing runs in this process while its caller sleeps, long enough for a promotion to start.
    private static bool IsAtRest()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(PromotionMilliseconds);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds < RestMilliseconds;
    }

    private static double Repeat(Contestant contestant, double milliseconds)
    {
        var watch = Stopwatch.StartNew();
        int calls = 0;
        do
        {
            contestant.Run();
            calls++;
        }
        while (calls < ManagedWarmCalls && watch.Elapsed.TotalMilliseconds < milliseconds);
        return watch.Elapsed.TotalMilliseconds / calls;
    }

    // Microseconds of a run.
    private static double Time(Contestant contestant, int warm, int calls)
    {
        for (int i = 0; i < warm; i++)
        {
            contestant.Run();
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            contestant.Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }
}
