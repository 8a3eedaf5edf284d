using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Kernels.Execution;

/// <summary>
/// The rows of one run, in bands that the caller and threads of the pool claim until none is left. A team belongs to its caller's
/// thread and serves run after run, so that a run allocates nothing. The caller waits for bands that were claimed, never for
/// a thread of the pool: a busy pool cannot lock it up, not even from within.
/// </summary>
/// <typeparam name="TKernel">What computes rows.</typeparam>
internal sealed class RowTeam<TKernel> : IThreadPoolWorkItem
    where TKernel : struct, IRowKernel
{
    // Each claim takes so many quarters of a thread's share of what is left: large bands first, since a band stages its border rows again and a core's
    // cache keeps what it wrote in the run before, then ever smaller ones, since helpers come late and cores are not equally fast.
    private const int QuartersOfShare = 3;

    // Of a thread's whole share: smaller bands would stage more than they compute.
    private const int MostBandsOfShare = 8;

    // The last band is mostly done within these rounds, of which the later ones yield the core.
    private const int SpinsBeforeSleep = 60;

    private const int SpinsOfYield = 32;

    // A helper waits so long for the next run: to wake a thread takes 50 microseconds where the core sleeps too.
    private static readonly long s_linger = Stopwatch.Frequency / 10_000;

    // A helper leaves its caller's processor no more often, or busy processors would throw it back and forth.
    private static readonly long s_betweenMoves = Stopwatch.Frequency / 1000;

    [ThreadStatic]
    private static RowTeam<TKernel>? t_team;

    private readonly SemaphoreSlim _finished = new(0);
    private TKernel _kernel;
    private int _rows;
    private int _threads;
    private int _fewestRows;
    private int _processor;
    private ExceptionDispatchInfo? _error;

    // Work items in the pool's queue, and helpers that have not returned to the pool.
    private int _helpers;

    // A helper that comes late finds a later run, or none. It reads the fields above only after a claim, which proves that their run
    // is under way until the claimer leaves.
    private long _state;

    private RowTeamState State => RowTeamState.Of(Volatile.Read(ref _state));

    /// <summary>Computes all rows. What a band throws, it throws, once nobody is in a band.</summary>
    /// <param name="kernel">Computes bands.</param>
    /// <param name="rows">The rows, at least 1.</param>
    /// <param name="threads">The most threads that may work: 1 to <see cref="KernelThreads.MostThreads"/>.</param>
    public static void Run(in TKernel kernel, int rows, int threads)
    {
        if (threads == 1 || rows == 1)
        {
            kernel.Run(0, rows);
            return;
        }

        (t_team ??= new RowTeam<TKernel>()).RunBands(kernel, rows, Math.Min(threads, rows));
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Help();
            Interlocked.Decrement(ref _helpers);
        }
        while (State.CanBeJoined && Interlocked.Increment(ref _helpers) > 0);
    }

    private void RunBands(in TKernel kernel, int rows, int threads)
    {
        _kernel = kernel;
        _rows = rows;
        _threads = threads;
        _fewestRows = Math.Max(1, rows / (threads * MostBandsOfShare));
        _processor = Processor.Current;
        var start = new RowTeamState(rows, Seats: threads - 1, Running: 1, IsAwaited: false);
        RowTeamState claimed = start.Claim(Band(rows));

        // Before helpers are counted: one that leaves is counted no longer and looks for rows after that.
        Interlocked.Exchange(ref _state, claimed.Word);
        CallHelpers(threads - 1);
        Work(0, rows - claimed.Unclaimed);
        Await();
        _kernel = default;
        if (_error is { } error)
        {
            _error = null;
            error.Throw();
        }
    }

    private void CallHelpers(int most)
    {
        for (int helpers = Volatile.Read(ref _helpers); helpers < most; helpers++)
        {
            Interlocked.Increment(ref _helpers);
            try
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            catch (OutOfMemoryException)
            {
                // The run is under way and needs nobody.
                Interlocked.Decrement(ref _helpers);
                return;
            }
        }
    }

    // Joins runs until none has come for a while. It looks where it is before it joins: whoever waits for the caller's processor holds up both.
    private void Help()
    {
        long idle = Stopwatch.GetTimestamp();
        long moved = idle - s_betweenMoves;
        int spins = 0;
        do
        {
            if (Processor.Current == _processor && Stopwatch.GetTimestamp() - moved >= s_betweenMoves)
            {
                Processor.Leave(_processor);
                moved = Stopwatch.GetTimestamp();
            }

            RowTeamState state = State;
            if (!state.CanBeJoined)
            {
                if (state.Running > 0)
                {
                    // Not idle: the next run comes when the last bands of this one are done.
                    idle = Stopwatch.GetTimestamp();
                }

                if (++spins % SpinsOfYield == 0)
                {
                    Thread.Yield();
                }

                Thread.SpinWait(8);
                continue;
            }

            RowTeamState joined = state.Join(Band(state.Unclaimed));
            if (TrySet(state, joined))
            {
                Work(_rows - state.Unclaimed, _rows - joined.Unclaimed);
                idle = Stopwatch.GetTimestamp();
            }
        }
        while (Stopwatch.GetTimestamp() - idle < s_linger);
    }

    // From band to band, until none is left.
    private void Work(int first, int end)
    {
        while (first < end)
        {
            try
            {
                _kernel.Run(first, end);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(exception), null);
                while (State is { Unclaimed: > 0 } state && !TrySet(state, state.Claim(int.MaxValue)))
                {
                }
            }

            (first, end) = Next();
        }
    }

    // More rows for a thread that has computed some, or none: then it has left.
    private (int First, int End) Next()
    {
        while (true)
        {
            RowTeamState state = State;
            RowTeamState next = state.Unclaimed > 0 ? state.Claim(Band(state.Unclaimed)) : state.Leave();
            if (!TrySet(state, next))
            {
                continue;
            }

            if (state.IsAwaited && !next.IsAwaited)
            {
                _finished.Release();
            }

            return (_rows - state.Unclaimed, _rows - next.Unclaimed);
        }
    }

    // Rows of a claim. Before the claim, fields may be another run's: then it is another number of rows, and as good.
    private int Band(int unclaimed) => Math.Max(_fewestRows, (int)((long)unclaimed * QuartersOfShare / (4L * _threads)));

    private void Await()
    {
        var spin = new SpinWait();
        while (State is { Running: > 0 } state)
        {
            if (spin.Count < SpinsBeforeSleep)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
            else if (TrySet(state, state with { IsAwaited = true }))
            {
                _finished.Wait();
            }
        }
    }

    private bool TrySet(RowTeamState before, RowTeamState after)
    {
        long word = before.Word;
        return Interlocked.CompareExchange(ref _state, after.Word, word) == word;
    }
}
