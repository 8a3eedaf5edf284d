using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>From what a layer computes to how its kernel runs.</summary>
internal static class Planner
{
    /// <summary>Plans a layer.</summary>
    public static KernelPlan Plan(LayerSpec spec)
    {
        var geometry = LayerGeometry.Of(spec);
        return new KernelPlan(spec, geometry, ChannelLanesPlan.Of(spec, geometry));
    }
}
