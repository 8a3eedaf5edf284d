using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>
/// Hands a job's items to silos: to each as many at once as it takes, so that faster ones get more. An item whose call breaks is handed out again.
/// Used by one grain, one step at a time.
/// </summary>
internal sealed partial class JobDispatch
{
    // An item that takes its silo down each time must not take down all.
    private const int MostAttempts = 10;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    private readonly string _workload;
    private readonly JobPlan _plan;
    private readonly JobProgress _progress;
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly PriorityQueue<int, int> _pending = new();
    private readonly Dictionary<int, int> _losses = [];
    private readonly HashSet<SiloAddress> _silos = [];
    private readonly HashSet<SiloAddress> _unfit = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopped;
    private int _left;

    public JobDispatch(string workload, JobPlan plan, JobProgress progress, IGrainFactory grains, ILogger logger)
    {
        _workload = workload;
        _plan = plan;
        _progress = progress;
        _grains = grains;
        _logger = logger;
        for (int i = 0; i < plan.Items.Count; i++)
        {
            if (progress.Hashes[i] is null && !progress.Errors.ContainsKey(i))
            {
                _pending.Enqueue(i, i);
                _left++;
            }
        }

        CompleteIfNoneIsLeft();
    }

    /// <summary>Ends when every item is computed, or cannot be.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Whether nothing more is handed out.</summary>
    public bool IsOver => _stopped || _completion.Task.IsCompleted;

    /// <summary>Hands out nothing more.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Hands items to these silos, too.</summary>
    public void Use(IEnumerable<SiloAddress> active)
    {
        foreach (SiloAddress silo in active)
        {
            if (_pending.Count > 0 && !_unfit.Contains(silo) && _silos.Add(silo))
            {
                _ = Serve(silo);
            }
        }
    }

    private async Task Serve(SiloAddress silo)
    {
        try
        {
            // The grain is the silo's own: it is placed there, or refuses to start elsewhere.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            ISiloGrain door = _grains.GetGrain<ISiloGrain>(silo.ToParsableString());
            int capacity = await door.Capacity();
            await Task.WhenAll(Enumerable.Range(0, capacity).Select(_ => Lane(silo, door)));
        }
        catch (Exception exception)
        {
            // Membership will tell whether it comes back.
            LogLost(silo, exception.Message);
        }
        finally
        {
            _silos.Remove(silo);
        }
    }

    private async Task Lane(SiloAddress silo, ISiloGrain door)
    {
        while (!_stopped && !_unfit.Contains(silo) && _pending.TryDequeue(out int index, out _))
        {
            ItemResult result;
            try
            {
                result = await door.Compute(_workload, _plan.Model, _plan.Items[index]);
            }
            catch (Exception exception)
            {
                Lost(index, exception);
                throw;
            }

            switch (result.Outcome)
            {
                case ItemOutcome.Done:
                    _progress.Hashes[index] = result.Sha256;
                    CollectionsMarshal.GetValueRefOrAddDefault(_progress.ItemsOfSilos, silo.ToParsableString(), out _)++;
                    Settled();
                    break;
                case ItemOutcome.Failed:
                    _progress.Errors[index] = result.Error!;
                    Settled();
                    break;
                case ItemOutcome.Busy:
                    _pending.Enqueue(index, index);
                    await Task.Delay(BusyPause);
                    break;
                case ItemOutcome.OtherModel:
                    _pending.Enqueue(index, index);
                    if (_unfit.Add(silo))
                    {
                        LogUnfit(silo, _workload);
                    }

                    break;
            }
        }
    }

    private void Lost(int index, Exception exception)
    {
        _progress.Repeated++;
        int losses = _losses[index] = _losses.GetValueOrDefault(index) + 1;
        if (losses < MostAttempts)
        {
            _pending.Enqueue(index, index);
        }
        else
        {
            _progress.Errors[index] = $"'{_plan.Items[index].Input}' was tried {losses} times: {exception.Message}";
            Settled();
        }
    }

    private void Settled()
    {
        _left--;
        CompleteIfNoneIsLeft();
    }

    private void CompleteIfNoneIsLeft()
    {
        if (_left == 0)
        {
            _completion.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} broke off: {Reason}")]
    private partial void LogLost(SiloAddress silo, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} has another model of {Workload} and gets no work; its results would be others")]
    private partial void LogUnfit(SiloAddress silo, string workload);
}
