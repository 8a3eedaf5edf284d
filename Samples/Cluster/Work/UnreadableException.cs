using System;

namespace Kernels.Samples.Cluster.Work;

/// <summary>An input that no silo can compute: it is no picture, or damaged.</summary>
internal sealed class UnreadableException(string message, Exception inner) : Exception(message, inner);
