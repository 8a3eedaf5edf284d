using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>A kernel of a network, under the name of the layer that it is for.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Spec">What the kernel computes.</param>
/// <param name="IsLinear">Whether it runs over rows.</param>
internal sealed record NetworkKernel(string Name, LayerSpec Spec, bool IsLinear);

/// <summary>The kernels that a network needs: of its steps where its code could be read, else of its layers.</summary>
internal static class NetworkKernels
{
    public static IEnumerable<NetworkKernel> Of(NetworkSpec network) => network.Graph is GraphSpec graph
        ? Of(NetworkPlan.Of(graph, network.Fuse))
        : network.Methods.SelectMany(static method => method switch
        {
            KernelMethod layer => (IEnumerable<NetworkKernel>)[new(layer.Name, layer.Layer, layer.IsLinear)],
            BlockMethod { Layer: LayerSpec spec } block => [new(block.Name, spec, block.IsLinear)],
            _ => [],
        });

    public static IEnumerable<NetworkKernel> Of(NetworkPlan plan) => plan.Steps
        .Where(static step => step.Kernel is not null)
        .Select(static step => new NetworkKernel(step.Name, step.Kernel!, step.IsLinear));
}
