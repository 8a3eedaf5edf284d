using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>What stands for a value in a Forward: a layer or function, or a block.</summary>
/// <param name="Value">The value's number.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Name">The name of its step.</param>
/// <param name="Method">The method of a layer or block; nothing for a function.</param>
/// <param name="Operation">What it computes; nothing for a block.</param>
internal sealed record CodeNode(int Value, int[] Inputs, string Name, string? Method, Operation? Operation);

/// <summary>The statements of a Forward: one for each layer and the functions behind it, and one for each value that is read more than once.</summary>
internal static class ForwardBody
{
    /// <summary>The statements.</summary>
    /// <param name="nodes">What is computed, in order; the last makes the output.</param>
    /// <param name="input">The number of the value that <c>x</c> is.</param>
    public static IEnumerable<string> Of(IReadOnlyList<CodeNode> nodes, int input)
    {
        Dictionary<int, int> readers = nodes.SelectMany(static node => node.Inputs).CountBy(static read => read).ToDictionary();
        var taken = new HashSet<string>(StringComparer.Ordinal) { "x" };
        var values = new Dictionary<int, string> { [input] = "x" };
        var locals = new Dictionary<int, string>();
        for (int i = 0; i < nodes.Count; i++)
        {
            CodeNode node = nodes[i];
            string[] inputs = Array.ConvertAll(node.Inputs, read => values[read]);
            string expression = node.Method is { } method ? $"{method}({inputs[0]})" : Expressions.Of(node.Operation!, inputs)!;
            if (i == nodes.Count - 1)
            {
                yield return $"return {expression};";
                yield break;
            }

            // The name of the layer that a chain of functions starts with; of the step itself otherwise.
            locals[node.Value] = node.Method ?? (node.Inputs.Length == 1 && node.Inputs[0] != input && readers[node.Inputs[0]] == 1 ? locals[node.Inputs[0]] : Names.Pascal(node.Name));
            CodeNode next = nodes[i + 1];
            bool staysInside = readers.GetValueOrDefault(node.Value) == 1 && next.Inputs.Length == 1 && next.Inputs[0] == node.Value && next.Operation is { Weights: null };
            if (staysInside)
            {
                values[node.Value] = expression;
                continue;
            }

            string local = Names.Unique(Names.Camel(locals[node.Value]), taken);
            values[node.Value] = local;
            yield return $"Value {local} = {expression};";
        }
    }
}
