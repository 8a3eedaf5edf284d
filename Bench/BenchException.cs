using System;

namespace Kernels.Bench;

/// <summary>Something that the user can put right; the message says how.</summary>
internal sealed class BenchException(string message) : Exception(message);
