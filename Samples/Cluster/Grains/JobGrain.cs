using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Work;
using Kernels.Samples.Workloads;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Kernels.Samples.Cluster.Grains;

/// <inheritdoc/>
/// <remarks>
/// It goes on when anyone asks for its status, or with the next reminder, whichever comes first. Progress is stored once a second at most: what
/// was computed since is computed again after a crash, to the same bytes.
/// </remarks>
internal sealed partial class JobGrain(
    [PersistentState("plan", JobGrain.Storage)] IPersistentState<JobPlan> plan,
    [PersistentState("progress", JobGrain.Storage)] IPersistentState<JobProgress> progress,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    WorkloadCatalog catalog,
    ItemFiles files,
    ILogger<JobGrain> logger) : Grain, IJobGrain, IRemindable
{
    /// <summary>The grain storage that silos configure.</summary>
    public const string Storage = "jobs";

    private const string ResumeReminder = "resume";
    private const int MostErrors = 10;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RemindEvery = TimeSpan.FromMinutes(1);

    private JobDispatch? _dispatch;
    private bool _cancelled;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _dispatch?.Stop();
        if (progress.State.Phase == JobPhase.Running)
        {
            await progress.WriteStateAsync(cancellationToken);
        }
    }

    public async Task Start(JobRequest request)
    {
        if (plan.State.Request is { } before)
        {
            GoOn();
            if (before != request)
            {
                throw new JobException($"The job '{this.GetPrimaryKeyString()}' exists: {before.Workload}, from '{before.Input}' to '{before.Output}'.");
            }

            return;
        }

        IWorkload workload = catalog.Find(request.Workload) ?? throw new JobException($"There is no workload '{request.Workload}', only: {string.Join(", ", catalog.All.Select(known => known.Name))}.");
        List<WorkItem> items = ItemList.Of(request, workload, files);
        progress.State = new JobProgress { Phase = JobPhase.Running, Hashes = new byte[items.Count][] };
        await progress.WriteStateAsync();
        plan.State = new JobPlan { Request = request, Model = workload.Model, Items = items };
        await plan.WriteStateAsync();
        await this.RegisterOrUpdateReminder(ResumeReminder, RemindEvery, RemindEvery);
        GoOn();
    }

    public Task<JobStatus> Status()
    {
        JobProgress state = progress.State;
        int done = state.Hashes.Count(hash => hash is not null);
        return Task.FromResult(new JobStatus(
            state.Phase,
            done,
            state.Hashes.Length,
            state.Repeated,
            silo.SiloAddress.ToParsableString(),
            state.Phase == JobPhase.Done ? Convert.ToHexStringLower(SHA256.HashData(state.Hashes.SelectMany(hash => hash!).ToArray())) : "",
            new Dictionary<string, int>(state.ItemsOfSilos),
            [.. state.Errors.Take(MostErrors).Select(error => error.Value)]));
    }

    public Task Cancel()
    {
        _cancelled = true;
        _dispatch?.Stop();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        GoOn();
        return Task.CompletedTask;
    }

    /// <summary>Hands out what is left, if the job runs and nobody does yet.</summary>
    private void GoOn()
    {
        if (_dispatch is null && plan.State.Request is { } request && progress.State.Phase == JobPhase.Running)
        {
            _dispatch = new JobDispatch(request.Workload, plan.State, progress.State, GrainFactory, logger);
            _ = Run(request, _dispatch);
        }
    }

    // Beside the grain's calls, one step at a time with them.
    private async Task Run(JobRequest request, JobDispatch dispatch)
    {
        try
        {
            await HandOut(dispatch);
            if (_cancelled || dispatch.Completion.IsCompleted)
            {
                progress.State.Phase = _cancelled ? JobPhase.Cancelled : await Finish(request);
                await progress.WriteStateAsync();
                if (await this.GetReminder(ResumeReminder) is { } reminder)
                {
                    await this.UnregisterReminder(reminder);
                }
            }
        }
        catch (Exception exception)
        {
            // Another activation may know better; the next call reads what is stored.
            LogBrokeOff(exception, this.GetPrimaryKeyString());
            dispatch.Stop();
            DeactivateOnIdle();
        }
    }

    private async Task HandOut(JobDispatch dispatch)
    {
        DateTime stored = DateTime.UtcNow;
        while (!dispatch.IsOver)
        {
            DelayDeactivation(RemindEvery);
            dispatch.Use(membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress));
            await Task.WhenAny(dispatch.Completion, Task.Delay(Tick));
            if (DateTime.UtcNow - stored >= StoreEvery && !dispatch.IsOver)
            {
                await progress.WriteStateAsync();
                stored = DateTime.UtcNow;
            }
        }
    }

    private async Task<JobPhase> Finish(JobRequest request)
    {
        if (progress.State.Errors.Count > 0)
        {
            return JobPhase.Failed;
        }

        if (plan.State.Items[0].Tile is not null)
        {
            await GrainFactory.GetGrain<IWorkerGrain>(0).Assemble(request, [.. plan.State.Items]);
        }

        return JobPhase.Done;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} broke off and will go on")]
    private partial void LogBrokeOff(Exception exception, string job);
}
