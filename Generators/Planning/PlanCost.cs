using System.Linq;

namespace Kernels.Generators.Planning;

/// <summary>What a plan costs, without what the planner adds to compare dataflows.</summary>
internal static class PlanCost
{
    /// <summary>Dot steps of 16 lanes for each input position of a transposed layer, or output pixel of another; 0 where everything loops.</summary>
    public static double StepsOf(KernelPlan plan) => plan.Dataflow switch
    {
        ChannelLanesPlan lanes => lanes.Dots / 16,
        PixelLanesPlan pixels => pixels.Panels.Sum(panel => panel.Dots) * pixels.UnitChannels / 4 / 16.0,
        DepthwisePlan depthwise => depthwise.Panels.Sum(panel => panel.Quads.Count()) * ((plan.Spec.OutChannels + 15) / 16),
        _ => 0,
    };

    /// <summary>Whether a kernel has a tier in machine code.</summary>
    public static bool HasMachineCode(KernelPlan plan) => plan.Dataflow switch
    {
        ChannelLanesPlan lanes => lanes.MachineTiles is not null,
        PixelLanesPlan pixels => pixels.MachineCode,
        DepthwisePlan depthwise => depthwise.MachineCode,
        _ => false,
    };
}
