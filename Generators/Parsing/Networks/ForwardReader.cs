using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Reads a network's Forward, by the compiler's semantic model, to the steps that it stands for.</summary>
internal static class ForwardReader
{
    /// <summary>The steps; nothing where the code does what cannot be read: an Info says what.</summary>
    /// <param name="annotated">The network's class.</param>
    /// <param name="forward">Its Forward.</param>
    /// <param name="input">What its attribute says of the input.</param>
    /// <param name="diagnostics">Receives what is wrong, or cannot be read.</param>
    public static GraphSpec? Read(AnnotatedClass annotated, IMethodSymbol forward, TensorShape input, DiagnosticBag diagnostics)
    {
        if (input.Channels > 0)
        {
            return Walk(annotated, forward, input, diagnostics);
        }

        // The layers that read the input tell its channels; then all others are checked.
        var first = new DiagnosticBag();
        if (Walk(annotated, forward, input, first) is not GraphSpec graph)
        {
            diagnostics.AddAll(first);
            return null;
        }

        if (InputChannels(graph) is not int channels)
        {
            diagnostics.Add(Descriptors.InputChannelsUnknown, annotated.Arguments.Attribute, annotated.Symbol.Name);
            return null;
        }

        return Walk(annotated, forward, input with { Channels = channels }, diagnostics);
    }

    private static GraphSpec? Walk(AnnotatedClass annotated, IMethodSymbol forward, TensorShape input, DiagnosticBag diagnostics)
    {
        var graph = new GraphWriter(input, diagnostics);
        var walker = new ForwardWalker(annotated.Compilation, annotated.Symbol, graph, diagnostics, CancellationToken.None);
        try
        {
            int output = walker.Run(forward);
            return graph.ToGraph(output);
        }
        catch (UnreadableException unreadable)
        {
            if (!diagnostics.HasErrors)
            {
                diagnostics.Add(Descriptors.RunsLayerByLayer, new LocationInfo(unreadable.Syntax), unreadable.Message);
            }

            return null;
        }
    }

    /// <summary>The channels that all layers can live with, among those that one reads; the first where none fits, which is then marked; nothing without layers.</summary>
    private static int? InputChannels(GraphSpec graph)
    {
        int[] candidates = [.. graph.Nodes.Where(static node => node.Layer is not null).Select(static node => node.Layer!.InChannels).Distinct()];
        return candidates.Length == 0 ? null : Array.Find(candidates, Fits) is int found and > 0 ? found : candidates[0];

        bool Fits(int candidate)
        {
            var shapes = new List<TensorShape> { graph.Input with { Channels = candidate } };
            foreach (NodeSpec node in graph.Nodes)
            {
                ShapeResult result = ShapeRules.Of(node.Operation, [.. node.Arguments], [.. node.Inputs.Select(input => shapes[input])], node.Layer);
                if (result.Misfit is not null)
                {
                    return false;
                }

                shapes.Add(result.Shape);
            }

            return true;
        }
    }
}
