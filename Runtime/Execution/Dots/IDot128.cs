using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>The dot step on 128-bit vectors; see <see cref="IDot512"/>.</summary>
public interface IDot128
{
    /// <summary>Bytes that an activation takes in staged rows: 1 or 2.</summary>
    static abstract int ChannelBytes { get; }

    /// <summary>Adds one dot step.</summary>
    /// <param name="sum">4 accumulators.</param>
    /// <param name="x">Activations, unsigned; signed for steps whose rows are staged less 128.</param>
    /// <param name="w">Weights, signed.</param>
    /// <returns>The new accumulators.</returns>
    static abstract Vector128<int> Step(Vector128<int> sum, Vector128<int> x, Vector128<int> w);
}
