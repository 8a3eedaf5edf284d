using System;
using System.Collections.Generic;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>Gives the layers of a network their generated kernels.</summary>
internal sealed class KernelChoice
{
    private readonly Dictionary<string, LayerFactory> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Shape, bool IsLinear), LayerFactory> _byShape = [];

    /// <summary>Sorts kernels.</summary>
    /// <param name="kernels">Kernels by the names of their layers. Of those for any size, each also stands for all layers of its shape.</param>
    public KernelChoice(IReadOnlyList<LayerFactory> kernels)
    {
        foreach (LayerFactory kernel in kernels)
        {
            _byName.TryAdd(kernel.Name, kernel);
            if (kernel.Spec is { InputHeight: 0, InputWidth: 0 })
            {
                _byShape.TryAdd((SpecText.Of(kernel.Spec), kernel.IsLinear), kernel);
            }
        }
    }

    /// <summary>The node with the kernel of its name, or else of its shape; as it is when there is none.</summary>
    public ModelNode For(ModelNode node)
    {
        if (node.Layer is not WeightedModule layer)
        {
            return node;
        }

        string shape = SpecText.Of(layer.Spec);
        LayerFactory? kernel = _byName.TryGetValue(node.Name, out LayerFactory? named) && SpecText.Of(named.Spec) == shape && named.IsLinear == layer.IsLinear
            ? named
            : _byShape.GetValueOrDefault((shape, layer.IsLinear));
        return kernel is null ? node : node with { Layer = layer.WithKernel(kernel) };
    }

    /// <summary>The node with the kernel that was compiled for it.</summary>
    /// <exception cref="InvalidOperationException">The fused network has another layer there than the compiled one.</exception>
    public ModelNode Planned(ModelNode node) => node.Layer is not WeightedModule layer ? node
        : _byName.TryGetValue(node.Name, out LayerFactory? kernel) && SpecText.Of(kernel.Spec) == SpecText.Of(layer.Spec)
            ? node with { Layer = layer.WithKernel(kernel) }
            : throw new InvalidOperationException(
                $"The compiled network and the one that its code built are fused otherwise. {node.Name} was compiled as\n    {(kernel is null ? "nothing" : SpecText.Of(kernel.Spec))}\nbut is\n    {SpecText.Of(layer.Spec)}");
}
