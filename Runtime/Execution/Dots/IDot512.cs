using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>
/// The dot step of a kernel on 512-bit vectors: 16 int32 lanes, each adding the products of the 4 bytes (or 2 words)
/// that activations and weights hold in it. Generated kernels take it as a type argument, so that one text serves
/// every way of multiplying and the JIT folds it in.
/// </summary>
public interface IDot512
{
    /// <summary>Bytes that an activation takes in staged rows: 1 or 2. A lane covers 4 / ChannelBytes channels.</summary>
    static abstract int ChannelBytes { get; }

    /// <summary>Adds one dot step.</summary>
    /// <param name="sum">16 accumulators.</param>
    /// <param name="x">Activations, unsigned.</param>
    /// <param name="w">Weights, signed.</param>
    /// <returns>The new accumulators.</returns>
    static abstract Vector512<int> Step(Vector512<int> sum, Vector512<int> x, Vector512<int> w);
}
