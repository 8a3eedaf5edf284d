using System;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>A node that is being lowered, with what its inputs are.</summary>
/// <param name="node">The node.</param>
/// <param name="inputs">Its inputs; null where an optional one is left out.</param>
/// <param name="context">The network.</param>
internal sealed class Call(OnnxNode node, Term?[] inputs, LoweringContext context)
{
    public OnnxNode Node => node;

    public LoweringContext Context => context;

    public int Count => inputs.Length;

    /// <summary>An input that must be there, of at most four dimensions.</summary>
    public Term Input(int index) => Any(index) is { View: null } term ? term : throw new LoweringException($"its input has {Any(index).Rank} dimensions: networks have batch, channels, rows and columns");

    /// <summary>An input that must be there.</summary>
    public Term Any(int index) => Optional(index) ?? throw new OnnxFormatException($"The node {node.Name} ({node.FullOperator}) lacks its input {index}.");

    /// <summary>An input that may be left out.</summary>
    public Term? Optional(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>An input that must be there and constant.</summary>
    /// <exception cref="LoweringException">It depends on the network's input.</exception>
    public OnnxTensor Constant(int index, string what) => OptionalConstant(index, what) ?? throw new OnnxFormatException($"The node {node.Name} ({node.FullOperator}) lacks its {what}.");

    /// <summary>An input that may be left out, but must be constant otherwise.</summary>
    /// <exception cref="LoweringException">It depends on the network's input.</exception>
    public OnnxTensor? OptionalConstant(int index, string what) => Optional(index) is { } term
        ? term.Constant ?? throw new LoweringException($"its {what} depends on the network's input")
        : null;

    /// <summary>Numbers that older operator sets have as an attribute and newer ones as an input.</summary>
    public long[]? Numbers(string attribute, int input) => node.Ints(attribute) ?? OptionalConstant(input, attribute)?.Integers.ToArray();

    /// <summary>An input as the output of a step.</summary>
    public Term Dynamic(int index) => context.Dynamic(Input(index), node);

    /// <summary>An input as the output of a step, with dimensions on their default axes.</summary>
    public Term Default(int index) => context.Default(Dynamic(index), node);

    /// <summary>Adds a step that has the node's name, with an output of the shape and axes of an input.</summary>
    public Term Same(Operation operation, Term like, params ReadOnlySpan<Term> others)
    {
        Term[] all = [like, .. others];
        return context.Add(node.Name, node, operation, like.Shape, like.Axes, all);
    }

    /// <summary>Adds a step that has the node's name, with an output on default axes.</summary>
    public Term Add(Operation operation, int[] shape, params ReadOnlySpan<Term> from) => context.Add(node.Name, node, operation, shape, Term.DefaultAxes(shape.Length), from);

    /// <summary>Throws unless an attribute has its default.</summary>
    public void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new LoweringException(reason);
        }
    }

    /// <summary>Throws when an output is asked for that is not computed.</summary>
    public void OnlyFirstOutput()
    {
        for (int i = 1; i < node.Outputs.Count; i++)
        {
            Require(!node.HasOutput(i) || !IsUsed(node.Outputs[i]), $"its output {node.Outputs[i]} is not computed");
        }
    }

    /// <summary>Whether an output of the node is read anywhere.</summary>
    public bool IsUsed(string output) => context.Readers(output) > 0;
}
