using System;

namespace Kernels.Samples.Service;

/// <summary>A request that is answered with a status of 4xx and one sentence for its sender.</summary>
internal sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
