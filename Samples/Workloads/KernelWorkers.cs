using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Kernels.Samples.Workloads;

/// <summary>
/// Threads that do nothing but run kernels, first come first served: the thread pool stays free for requests and messages, and no more
/// kernels run than there are threads.
/// </summary>
internal sealed class KernelWorkers : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many; 0 for one a processor.</param>
    public KernelWorkers(int count = 0)
    {
        _threads = new Thread[count == 0 ? Environment.ProcessorCount : count];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"kernels {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many threads there are.</summary>
    public int Count => _threads.Length;

    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Runs a function on one of the threads; one that is cancelled before its turn does not run.</summary>
    public Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Lets the threads end when what is queued has run.</summary>
    public void Dispose() => _queue.CompleteAdding();

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Work()
    {
        using KernelThreadsLimit one = KernelThreads.Limit(1);
        foreach (Task task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
