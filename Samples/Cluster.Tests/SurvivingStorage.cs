using System.Collections.Concurrent;
using System.Threading.Tasks;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>Storage that is not in any silo, so that it is there when a silo is gone: the test's memory.</summary>
internal sealed class SurvivingStorage(ConcurrentDictionary<string, (string Tag, byte[] State)> states, Serializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (states.TryGetValue($"{grainId}/{stateName}", out (string Tag, byte[] State) stored))
        {
            grainState.State = serializer.Deserialize<T>(stored.State);
            grainState.ETag = stored.Tag;
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string key = $"{grainId}/{stateName}";
        if (states.TryGetValue(key, out (string Tag, byte[] State) stored) && stored.Tag != grainState.ETag)
        {
            throw new InconsistentStateException("Somebody else wrote.", stored.Tag, grainState.ETag);
        }

        grainState.ETag = System.Guid.NewGuid().ToString();
        grainState.RecordExists = true;
        states[key] = (grainState.ETag, serializer.SerializeToArray(grainState.State));
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        states.TryRemove($"{grainId}/{stateName}", out _);
        return Task.CompletedTask;
    }
}
