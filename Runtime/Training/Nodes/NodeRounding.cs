using Kernels.Quantization;

namespace Kernels.Training.Nodes;

/// <summary>How a node that becomes int8 is rounded.</summary>
/// <param name="Config">Makes the observer of its weights.</param>
/// <param name="Inputs">The rounding of each value that it reads.</param>
/// <param name="Output">The rounding of the value that it makes.</param>
internal sealed record NodeRounding(QConfig Config, ValueRounding[] Inputs, ValueRounding Output);
