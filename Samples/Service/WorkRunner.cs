using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Service;

/// <summary>A picture's result.</summary>
/// <param name="Result">What was computed.</param>
/// <param name="File">The same as a file.</param>
/// <param name="Kernels">Time in the network, summed over tiles: what one core takes.</param>
/// <param name="Wait">Time until the first tile began.</param>
internal sealed record Computed(Result Result, byte[] File, TimeSpan Kernels, TimeSpan Wait);

/// <summary>
/// Computes a picture's tiles on the threads for kernels. Tiles queue in the order of their requests: a picture alone has all cores, and
/// pictures that came together have them one after the other.
/// </summary>
internal sealed class WorkRunner(KernelWorkers workers, ServiceMetrics metrics)
{
    /// <summary>Computes a picture.</summary>
    /// <param name="workload">What with.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="progress">Hears after every tile how many are done, from any thread.</param>
    /// <param name="cancellationToken">Drops the tiles that have not begun.</param>
    public async Task<Computed> Run(IWorkload workload, Picture picture, Action<int> progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new PictureRun(workload, picture, progress, metrics);
        var tasks = new Task<Computed?>[run.Tiles.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            Region tile = run.Tiles[i];
            tasks[i] = workers.Run(() => run.Compute(tile), stop.Token);
        }

        // A tile that fails takes the others with it.
        await foreach (Task<Computed?> task in Task.WhenEach(tasks))
        {
            try
            {
                if (await task is { } computed)
                {
                    return computed;
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        throw new UnreachableException();
    }

    private sealed class PictureRun(IWorkload workload, Picture picture, Action<int> progress, ServiceMetrics metrics)
    {
        private readonly long _accepted = Stopwatch.GetTimestamp();
        private readonly Lazy<IResultBuilder> _result = new(() => workload.Assemble(picture.Width, picture.Height));
        private long _ticks;
        private long _started;
        private int _done;

        public Region[] Tiles { get; } = Tiler.Cut(picture.Width, picture.Height, workload.Tile);

        /// <summary>Computes one tile. The last one to end gives the whole, whose file its thread still makes: it is work, too.</summary>
        public Computed? Compute(Region tile)
        {
            long start = Stopwatch.GetTimestamp();
            Interlocked.CompareExchange(ref _started, start, 0);
            Result piece = workload.Run(Tiler.Padded(picture, tile, workload.Halo), tile);
            Interlocked.Add(ref _ticks, Stopwatch.GetElapsedTime(start).Ticks);
            _result.Value.Add(tile, piece);
            metrics.Tile(workload.Name);
            int done = Interlocked.Increment(ref _done);
            progress(done);
            if (done < Tiles.Length)
            {
                return null;
            }

            Result result = _result.Value.Build();
            return new Computed(result, result.Encode(), TimeSpan.FromTicks(_ticks), Stopwatch.GetElapsedTime(_accepted, _started));
        }
    }
}
