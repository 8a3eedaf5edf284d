using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The dot step on 256-bit vectors; see <see cref="IDot512"/>.</summary>
public interface IDot256
{
    /// <summary>Bytes that an activation takes in staged rows: 1 or 2.</summary>
    static abstract int ChannelBytes { get; }

    /// <summary>Adds one dot step.</summary>
    /// <param name="sum">8 accumulators.</param>
    /// <param name="x">Activations, unsigned.</param>
    /// <param name="w">Weights, signed.</param>
    /// <returns>The new accumulators.</returns>
    static abstract Vector256<int> Step(Vector256<int> sum, Vector256<int> x, Vector256<int> w);
}
