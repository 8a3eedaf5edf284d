using System;
using System.Collections.Generic;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Reading;

/// <summary>Orders nodes so that each stands after those that make its inputs; otherwise they keep the order of the file.</summary>
internal static class TopologicalOrder
{
    /// <summary>Orders nodes.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="known">Names of values that no node makes.</param>
    /// <exception cref="OnnxFormatException">A value is made twice or never, or nodes read each other in a circle.</exception>
    public static IReadOnlyList<OnnxNode> Of(IReadOnlyList<OnnxNode> nodes, HashSet<string> known)
    {
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Outputs)
            {
                if (output.Length > 0 && (known.Contains(output) || !makers.TryAdd(output, i)))
                {
                    throw new OnnxFormatException($"The value {output} is made twice.");
                }
            }
        }

        var waits = new int[nodes.Count];
        var readers = new List<int>[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Inputs)
            {
                if (input.Length == 0 || known.Contains(input))
                {
                    continue;
                }

                if (!makers.TryGetValue(input, out int maker))
                {
                    throw new OnnxFormatException($"The node {nodes[i].Name} ({nodes[i].FullOperator}) reads the value {input}, which nothing makes.");
                }

                (readers[maker] ??= []).Add(i);
                waits[i]++;
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (waits[i] == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        var order = new List<OnnxNode>(nodes.Count);
        while (ready.TryDequeue(out int node, out _))
        {
            order.Add(nodes[node]);
            foreach (int reader in readers[node] ?? [])
            {
                if (--waits[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        return order.Count == nodes.Count ? order : throw new OnnxFormatException("Nodes of the graph read each other in a circle.");
    }
}
