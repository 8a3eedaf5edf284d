using System;

namespace Kernels.Models.Nodes;

/// <summary>Which nodes lie between a QuantStub and a DeQuantStub.</summary>
internal static class StubRegions
{
    /// <summary>Whether each node may become int8: all in a model without stubs.</summary>
    /// <exception cref="InvalidOperationException">A layer would read int8 and float, or a stub stands where the model is so already.</exception>
    public static bool[] Of(ModelNode[] nodes)
    {
        var result = new bool[nodes.Length];
        if (!Array.Exists(nodes, static node => node.Layer is StubModule))
        {
            result.AsSpan().Fill(true);
            return result;
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            ModelNode node = nodes[i];
            bool isInt8 = IsInt8(node.Inputs[0]);
            foreach (int input in node.Inputs)
            {
                if (IsInt8(input) != isInt8)
                {
                    throw new InvalidOperationException(
                        $"The layer {node.Name} reads {Name(node.Inputs[0])}, which is {Kind(isInt8)}, and {Name(input)}, which is {Kind(!isInt8)}: place a QuantStub or DeQuantStub behind one of them.");
                }
            }

            if (node.Layer is StubModule stub)
            {
                result[i] = stub.Quantizes != isInt8
                    ? stub.Quantizes
                    : throw new InvalidOperationException($"The {stub.Type} {node.Name} reads {Name(node.Inputs[0])}, which is {Kind(isInt8)} already: take it out, or place it elsewhere.");
            }
            else
            {
                result[i] = isInt8;
            }
        }

        return result;

        bool IsInt8(int value) => value > 0 && result[value - 1];

        string Name(int value) => value == 0 ? "the model's input" : nodes[value - 1].Name;

        static string Kind(bool int8) => int8 ? "int8" : "float";
    }
}
