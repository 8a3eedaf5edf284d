using System;

namespace Kernels.Bench.Peers;

/// <summary>A peer that does not take a layer; its column stays empty and the message goes to the notes.</summary>
internal sealed class PeerException(string message) : Exception(message);
