using System;

namespace Kernels.Bench.Commands;

/// <summary>Says that a benchmark needs a peer, so that it can be left out where the system has none.</summary>
/// <param name="name">Name of the peer's column.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerAttribute(string name) : Attribute
{
    /// <summary>Name of the peer's column.</summary>
    public string Name => name;
}
