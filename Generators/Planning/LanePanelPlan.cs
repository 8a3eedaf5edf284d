using System.Collections.Generic;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>
/// One set of output lanes of a ChannelLanes kernel: the output channels of one phase, or of all horizontal phases
/// when they look at the same pixels (kernel = stride), since then their outputs lie side by side in memory.
/// </summary>
/// <param name="Index">Number of the panel in packed memory.</param>
/// <param name="Pattern">Index of the pattern in the plan.</param>
/// <param name="StepTaps">Taps of a step, side by side: 1, or those of a kernel row.</param>
/// <param name="Vertical">Vertical phase.</param>
/// <param name="Horizontal">Horizontal phases whose channels share the lanes, in output order.</param>
internal sealed record LanePanelPlan(int Index, int Pattern, int StepTaps, AxisPhase Vertical, EquatableArray<AxisPhase> Horizontal)
{
    /// <summary>Output channels of one group in all phases of the panel.</summary>
    public int Lanes(LayerSpec spec) => Horizontal.Count * spec.GroupOutputs;

    /// <summary>For each step, each of its taps and each phase the kernel position ky * KernelWidth + kx.</summary>
    public IEnumerable<int> Taps(LayerSpec spec)
    {
        foreach (AxisTap row in Vertical.Taps)
        {
            for (int column = 0; column < Horizontal[0].Taps.Count; column++)
            {
                foreach (AxisPhase phase in Horizontal)
                {
                    yield return row.Kernel * spec.Horizontal.Kernel + phase.Taps[column].Kernel;
                }
            }
        }
    }
}
