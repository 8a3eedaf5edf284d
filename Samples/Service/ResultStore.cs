using System;
using System.Collections.Generic;
using System.Threading;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Service;

/// <summary>A result's file, under an address that nobody can guess.</summary>
internal sealed record StoredResult(string Id, byte[] File, string ContentType, string FileName, DateTimeOffset Until);

/// <summary>Keeps results for the page for some minutes, up to a number of bytes: the oldest give way.</summary>
internal sealed class ResultStore(ServiceOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredResult> _results = [];
    private readonly Queue<StoredResult> _oldest = [];
    private long _bytes;

    public StoredResult Add(byte[] file, Result result, string name)
    {
        var stored = new StoredResult(Guid.NewGuid().ToString("N"), file, result.ContentType, name + result.Extension, time.GetUtcNow() + options.ResultLifetime);
        lock (_lock)
        {
            _bytes += file.Length;
            _results.Add(stored.Id, stored);
            _oldest.Enqueue(stored);

            // One result may be larger than the store; the newest stays.
            while (_oldest.Count > 1 && (_bytes > options.ResultBytes || _oldest.Peek().Until <= time.GetUtcNow()))
            {
                StoredResult gone = _oldest.Dequeue();
                _results.Remove(gone.Id);
                _bytes -= gone.File.Length;
            }
        }

        return stored;
    }

    public StoredResult? Find(string id)
    {
        lock (_lock)
        {
            return _results.GetValueOrDefault(id) is { } stored && stored.Until > time.GetUtcNow() ? stored : null;
        }
    }
}
