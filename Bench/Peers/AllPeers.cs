using System.Collections.Generic;

namespace Kernels.Bench.Peers;

/// <summary>The peers in the order of their columns.</summary>
internal static class AllPeers
{
    /// <summary>All of them, whether this system has them or not.</summary>
    public static IReadOnlyList<IPeer> Create() =>
    [
        new OneDnnPeer(isFloat: false),
        new OneDnnPeer(isFloat: true),
        new XnnpackPeer(signed: true),
        new XnnpackPeer(signed: false),
        new OnnxRuntimeFloatPeer(),
        new OnnxRuntimeQdqPeer(),
        new OpenCvPeer(),
    ];
}
