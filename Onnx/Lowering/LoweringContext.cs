using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>The network that grows while the nodes of a graph are lowered.</summary>
/// <param name="readers">How many nodes read each value of the graph; the network's output counts as a reader.</param>
internal sealed class LoweringContext(IReadOnlyDictionary<string, int> readers)
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<string, Term> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "input" };

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>What each value of the graph is.</summary>
    public IReadOnlyDictionary<string, Term> Values => _values;

    /// <summary>Says what a value of the graph is.</summary>
    public void Set(string value, Term term) => _values[value] = term;

    /// <summary>How many nodes read a value of the graph, the network's output included.</summary>
    public int Readers(string value) => readers.GetValueOrDefault(value);

    /// <summary>Scale and zero point of the network's input, where the file says them.</summary>
    public QuantizationParameters? InputParameters { get; private set; }

    /// <summary>Scale and zero point of a step's output, where the file says them.</summary>
    public QuantizationParameters? ParametersOf(int step) => step > 0 ? _steps[step - 1].Parameters : InputParameters;

    /// <summary>Says scale and zero point of a step's output.</summary>
    public void SetParameters(int step, QuantizationParameters parameters)
    {
        if (step > 0)
        {
            _steps[step - 1] = _steps[step - 1] with { Parameters = parameters };
        }
        else
        {
            InputParameters = parameters;
        }
    }

    /// <summary>What a step computes; null for the network's input.</summary>
    public Operation? OperationOf(int step) => step > 0 ? _steps[step - 1].Operation : null;

    /// <summary>Whether only the node that is being lowered reads a step's output, so that the step may change.</summary>
    public bool IsReadOnce(int step) => step > 0
        && _steps[step - 1].Parameters is null
        && !_steps.Exists(other => other.Inputs.Contains(step))
        && _values.Sum(value => value.Value.Step == step ? Readers(value.Key) : 0) <= 1;

    /// <summary>Adds a step.</summary>
    /// <param name="name">What it should be called; a number is put behind it where the name is taken.</param>
    /// <param name="node">The ONNX node that asks for it.</param>
    /// <param name="operation">What it computes.</param>
    /// <param name="shape">Shape of the output as ONNX sees it.</param>
    /// <param name="axes">The axes that its dimensions are.</param>
    /// <param name="inputs">What it reads.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="LoweringException">It reads a constant that is no step.</exception>
    /// <exception cref="ArgumentException">The operation's numbers contradict each other.</exception>
    public Term Add(string name, OnnxNode node, Operation operation, int[] shape, int[] axes, params ReadOnlySpan<Term> inputs)
    {
        var indices = new int[inputs.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = Term.Placed(inputs[i].Step);
        }

        // Whether there can be such a module is asked here, where the node is known.
        if (!operation.IsPending)
        {
            operation.Create();
        }

        Term output = Term.Of(_steps.Count + 1, shape, axes);
        _steps.Add(new Step(Unique(name), operation, indices, output.Physical, node.Name));
        return output;
    }

    /// <summary>Replaces what a step computes.</summary>
    public void Replace(int step, Operation operation, OnnxNode node) => _steps[step - 1] = _steps[step - 1] with { Operation = operation, Node = node.Name };

    /// <summary>A term as the output of a step: constants become steps.</summary>
    public Term Dynamic(Term term, OnnxNode node, int rank = -1)
    {
        if (term.Constant is not { } constant)
        {
            return term;
        }

        int[] axes = Term.DefaultAxes(Math.Max(rank, constant.Rank));
        return Constant(constant, axes, node);
    }

    /// <summary>A constant as a step, its dimensions on the given axes (of the last ones, when it has fewer).</summary>
    public Term Constant(OnnxTensor constant, int[] axes, OnnxNode node)
    {
        int[] shape = [.. Enumerable.Repeat(1, axes.Length - constant.Rank), .. constant.Shape];
        FloatTensor tensor = ConstantLayout.Tensor(constant.Reshape(shape), axes);
        // The input that a constant has by name only: it starts where the network starts.
        Term term = Add(node.Name + "_constant", node, Operations.Constant(tensor), shape, axes, Term.Of(0, [], []));
        if (constant.Quantization is { IsPerTensor: true } quantization)
        {
            SetParameters(term.Step, new QuantizationParameters(quantization.Scales[0], quantization.ZeroPoints[0] + 128));
        }

        return term;
    }

    /// <summary>The term with its dimensions on other axes: a renaming where only dimensions of 1 move, otherwise a copy.</summary>
    public Term On(Term term, int[] axes, OnnxNode node)
    {
        if (term.Axes.AsSpan().SequenceEqual(axes))
        {
            return term;
        }

        // Where each axis of the output comes from: first those with a dimension above 1, then the rest in any order.
        int[] source = [-1, -1, -1, -1];
        bool[] isTaken = [false, false, false, false];
        for (int i = 0; i < axes.Length; i++)
        {
            if (term.Shape[i] != 1)
            {
                source[axes[i]] = term.Axes[i];
                isTaken[term.Axes[i]] = true;
            }
        }

        for (int axis = 0; axis < 4; axis++)
        {
            if (source[axis] < 0 && !isTaken[axis])
            {
                source[axis] = axis;
                isTaken[axis] = true;
            }
        }

        for (int axis = 0; axis < 4; axis++)
        {
            if (source[axis] < 0)
            {
                source[axis] = Array.IndexOf(isTaken, false);
                isTaken[source[axis]] = true;
            }
        }

        Term moved = source is [0, 1, 2, 3] ? Term.Of(term.Step, term.Shape, axes) : Add(node.Name + "_permute", node, Operations.Permute(source), term.Shape, axes, term);
        return moved with { Codes = term.Codes };
    }

    /// <summary>The term with its dimensions where tensors of its rank have them by default.</summary>
    public Term Default(Term term, OnnxNode node) => On(term, Term.DefaultAxes(term.Rank), node);

    private string Unique(string name)
    {
        string candidate = name;
        for (int i = 1; !_names.Add(candidate); i++)
        {
            candidate = $"{name}_{i}";
        }

        return candidate;
    }
}
