using System.Collections.Generic;
using Kernels.Execution;

namespace Kernels.Packing;

/// <summary>The weights of one block of 16 lanes on their way into packed memory.</summary>
/// <param name="Channels">Output channel of each lane, or -1 for a lane that is not stored.</param>
/// <param name="Start">First value of each accumulator: minus the staged zero point times the sum of the weights.</param>
/// <param name="Bytes">64 bytes for each step and unit.</param>
/// <param name="Residuals">Steps that hold what was cut off saturating pairs.</param>
internal sealed record LaneBlockWeights(int[] Channels, int[] Start, byte[] Bytes, List<Residual> Residuals);
