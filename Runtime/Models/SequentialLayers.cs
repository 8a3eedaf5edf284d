using System;
using System.Collections.Generic;
using System.Globalization;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>What holds for any sequence of layers.</summary>
internal static class SequentialLayers
{
    /// <summary>Copies the layers, after checking that there is one and that each reads what the one before it writes.</summary>
    public static LayerFactory[] Checked(IReadOnlyList<LayerFactory> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A sequence needs at least one layer.", nameof(layers));
        }

        RequireAll(layers, nameof(layers));
        for (int i = 1; i < layers.Count; i++)
        {
            if (layers[i].Spec.InChannels != layers[i - 1].Spec.OutChannels)
            {
                throw new ArgumentException($"The layer {layers[i].Name} reads {layers[i].Spec.InChannels} channels, but {layers[i - 1].Name} before it writes {layers[i - 1].Spec.OutChannels}.", nameof(layers));
            }
        }

        return [.. layers];
    }

    /// <summary>Throws when an element is null.</summary>
    public static void RequireAll<T>(IReadOnlyList<T> items, string name)
        where T : class
    {
        for (int i = 0; i < items.Count; i++)
        {
            _ = items[i] ?? throw new ArgumentNullException(name, $"Element {i} is null.");
        }
    }

    /// <summary>Throws unless there is one weight for each layer.</summary>
    public static void CheckCount(LayerFactory[] layers, int weights, string name)
    {
        if (weights != layers.Length)
        {
            throw new ArgumentException($"The sequence has {layers.Length} layers, but weights for {weights}.", name);
        }
    }

    /// <summary>The layers as a graph, each with a name of its own.</summary>
    public static ModelNode[] Nodes(LayerFactory[] layers, Func<int, Module> layer)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { ModelBuilder.InputName };
        var nodes = new ModelNode[layers.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            string name = layers[i].Name;
            for (int number = 2; !names.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{layers[i].Name}_{number}");
            }

            nodes[i] = new ModelNode(name, layer(i), [i]);
        }

        return nodes;
    }

    /// <summary>The shape behind the last layer.</summary>
    public static Shape4 OutputShape(LayerFactory[] layers, Shape4 input)
    {
        foreach (LayerFactory layer in layers)
        {
            input = layer.Spec.OutputShape(input);
        }

        return input;
    }
}
