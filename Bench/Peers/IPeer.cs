using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;

namespace Kernels.Bench.Peers;

/// <summary>A library to be measured against, in one of its data types.</summary>
internal interface IPeer
{
    /// <summary>Name of its column, without the unit.</summary>
    string Name { get; }

    /// <summary>Why it cannot be measured here and what would help, or nothing when it can.</summary>
    string? Missing { get; }

    /// <summary>Packs the weights of a layer and makes its buffers.</summary>
    /// <param name="data">The layer.</param>
    /// <returns>The layer, ready to run on one thread.</returns>
    /// <exception cref="PeerException">The library refuses the layer.</exception>
    Contestant Prepare(LayerData data);
}
