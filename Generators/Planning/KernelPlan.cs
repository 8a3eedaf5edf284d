using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>Everything that emission needs to know. No Roslyn, no C#: a plan can be printed and tested by itself.</summary>
internal sealed record KernelPlan(LayerSpec Spec, LayerGeometry Geometry, ChannelLanesPlan Lanes);
