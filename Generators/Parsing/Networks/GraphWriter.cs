using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Models;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Collects the steps of a network while its code is read, and checks their shapes.</summary>
internal sealed class GraphWriter(TensorShape input, DiagnosticBag diagnostics)
{
    private readonly List<NodeSpec> _nodes = [];
    private readonly ValueNames _names = new();

    /// <summary>How many steps there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>Adds a layer or function; what it cannot read is marked.</summary>
    /// <returns>The value that it makes.</returns>
    public int Add(string name, string operation, object?[] arguments, IReadOnlyList<int> inputs, LayerSpec? layer, SyntaxNode syntax)
    {
        TensorShape[] shapes = [.. inputs.Select(ShapeOf)];
        ShapeResult result = ShapeRules.Of(operation, arguments, shapes, layer);
        string free = _names.TakeNumbered(name);
        if (result.Misfit is string misfit)
        {
            diagnostics.Add(Descriptors.ShapesDoNotFit, new LocationInfo(syntax), free, string.Join(" and ", shapes), misfit);
        }

        _nodes.Add(new NodeSpec(
            free,
            operation,
            new EquatableArray<string>([.. (layer is null ? arguments : LayerArguments(layer)).Select(CallText.Argument)]),
            new EquatableArray<int>([.. inputs]),
            result.Shape,
            layer));
        return _nodes.Count;
    }

    /// <summary>The network whose output is a value, without what was computed for nothing.</summary>
    public GraphSpec ToGraph(int output)
    {
        var isUsed = new bool[_nodes.Count + 1];
        isUsed[output] = true;
        for (int value = output; value > 0; value--)
        {
            foreach (int read in isUsed[value] ? _nodes[value - 1].Inputs : default)
            {
                isUsed[read] = true;
            }
        }

        var moved = new int[_nodes.Count + 1];
        var kept = new List<NodeSpec>();
        for (int value = 1; value <= output; value++)
        {
            if (isUsed[value])
            {
                NodeSpec node = _nodes[value - 1];
                kept.Add(node with { Inputs = new EquatableArray<int>([.. node.Inputs.Select(read => moved[read])]) });
                moved[value] = kept.Count;
            }
        }

        return new GraphSpec(input, new EquatableArray<NodeSpec>([.. kept]));
    }

    private TensorShape ShapeOf(int value) => value == 0 ? input : _nodes[value - 1].Shape;

    private static object?[] LayerArguments(LayerSpec layer) =>
    [
        layer.InChannels, layer.OutChannels, layer.Vertical.Kernel, layer.Horizontal.Kernel, layer.Vertical.Stride, layer.Horizontal.Stride, layer.Vertical.Padding,
        layer.Horizontal.Padding, layer.Vertical.OutputPadding, layer.Horizontal.OutputPadding, layer.Vertical.Dilation, layer.Horizontal.Dilation, layer.Groups,
        layer.HasBias, layer.Activation, layer.NegativeSlope,
    ];
}
