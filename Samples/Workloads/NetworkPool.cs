using System;
using System.Collections.Concurrent;
using System.Threading;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>
/// Lets all threads use one network, though what turns pixels into codes has buffers of its own: it holds as many equal ones as threads run at once, and makes
/// them when they are first needed.
/// </summary>
internal sealed class NetworkPool(int most, int border, Func<IPixelNetwork> make) : IPixelNetwork
{
    public int Border => border;

    private readonly ConcurrentBag<IPixelNetwork> _idle = [];
    private readonly SemaphoreSlim _free = new(most);

    public void Run(ReadOnlySpan<byte> padded, int width, int height, Span<byte> output)
    {
        _free.Wait();
        try
        {
            IPixelNetwork network = _idle.TryTake(out IPixelNetwork? idle) ? idle : make();
            network.Run(padded, width, height, output);
            _idle.Add(network);
        }
        finally
        {
            _free.Release();
        }
    }
}
