using System;
using Orleans;

namespace Kernels.Samples.Cluster.Grains;

/// <summary>A request that a job cannot take; the message is one sentence for whoever made it.</summary>
[GenerateSerializer, Alias("kernels.JobException")]
public sealed class JobException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">One sentence.</param>
    public JobException(string message)
        : base(message)
    {
    }
}
