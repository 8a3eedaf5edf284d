using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>A dataflow that the planner did not take, and why.</summary>
internal sealed record RejectedDataflow(string Name, string Reason);

/// <summary>Everything that emission needs to know. No Roslyn, no C#: a plan can be printed and tested by itself.</summary>
internal sealed record KernelPlan(LayerSpec Spec, LayerGeometry Geometry, DataflowPlan Dataflow, EquatableArray<RejectedDataflow> Rejected)
{
    /// <summary>Whether the disassembly of machine code is emitted too.</summary>
    public bool Listing { get; init; }
}
