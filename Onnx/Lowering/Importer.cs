using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Folding;
using Kernels.Onnx.Graphs;
using Kernels.Onnx.Lowering.Operators;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>Turns a graph into steps, for one size of its input: all shapes are known then, and what depends on them is constant.</summary>
/// <param name="graph">The graph.</param>
/// <param name="inputName">The input that stays one; all others are constants.</param>
/// <param name="outputName">The output.</param>
/// <param name="inputType">The input's element type: float32, or that of codes.</param>
internal sealed class Importer(OnnxGraph graph, string inputName, string outputName, ElementType inputType = ElementType.Float)
{
    private readonly IReadOnlyList<OnnxNode> _nodes = Needed(QuantizedOperators.Expand(graph.Nodes), outputName);

    /// <summary>Imports the graph.</summary>
    /// <param name="inputShape">Dimensions of the input.</param>
    /// <exception cref="UnsupportedOnnxException">Nodes are not supported.</exception>
    /// <exception cref="OnnxFormatException">The graph contradicts itself.</exception>
    public ImportedNetwork Import(int[] inputShape)
    {
        var context = new LoweringContext(Readers());
        foreach ((string name, OnnxTensor constant) in graph.Constants)
        {
            context.Set(name, Term.Of(constant));
        }

        Term input;
        try
        {
            input = Term.Of(0, inputShape, Term.DefaultAxes(inputShape.Length));
        }
        catch (LoweringException exception)
        {
            throw new UnsupportedOnnxException($"The input {inputName} cannot be imported: {exception.Message}.");
        }

        input = inputType is ElementType.Int8 or ElementType.UInt8 ? input with { Codes = inputType } : input;
        context.Set(inputName, input);
        var folder = new ConstantFolder(new FoldingBudget(graph.Constants.Sum(static constant => (long)constant.Value.Count)));
        var unsupported = new List<UnsupportedNode>();
        foreach (OnnxNode node in _nodes)
        {
            try
            {
                Lower(node, context, folder, unsupported);
            }
            catch (LoweringException exception)
            {
                unsupported.Add(new UnsupportedNode(node.Name, node.FullOperator, node.Opset, exception.Message));
            }
            catch (Exception exception) when (exception is ArgumentException or ArithmeticException or IndexOutOfRangeException or InvalidOperationException)
            {
                // What layers and lists say to arguments that cannot be: files may hold anything.
                unsupported.Add(new UnsupportedNode(node.Name, node.FullOperator, node.Opset, exception.Message));
            }
        }

        if (unsupported.Count > 0)
        {
            throw new UnsupportedOnnxException(unsupported);
        }

        return Finish(context, input);
    }

    private static void Lower(OnnxNode node, LoweringContext context, ConstantFolder folder, List<UnsupportedNode> unsupported)
    {
        if (node.Inputs.Any(name => name.Length > 0 && !context.Values.ContainsKey(name)))
        {
            // Reads what an unsupported node makes, which is listed already. Its own operator is judged all the same.
            if (OperatorTable.Find(node.Domain, node.Operator) is null && node.Domain.Length + node.Operator.Length > 0 && !ConstantFolder.Knows(node))
            {
                throw new LoweringException("the operator is not supported");
            }

            return;
        }

        Term?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null : context.Values[name])];
        ElementType? codes = CodeOperators.Type(node, inputs);
        IReadOnlyList<Term> outputs = Fold(node, inputs, folder) is { } folded
            ? [.. folded.Select(Term.Of)]
            : (OperatorTable.Find(node.Domain, node.Operator) ?? throw new LoweringException(
                ConstantFolder.Knows(node) ? "the operator is supported on constants only" : "the operator is not supported"))(new Call(node, inputs, context));
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length > 0 && i < outputs.Count)
            {
                if (outputs[i].Constant is null && outputs[i].Shape.Contains(0))
                {
                    throw new LoweringException("it makes a tensor without elements");
                }

                context.Set(node.Outputs[i], codes is null ? outputs[i] : outputs[i] with { Codes = codes });
            }
        }
    }

    private static IReadOnlyList<OnnxTensor>? Fold(OnnxNode node, Term?[] inputs, ConstantFolder folder)
    {
        if (node.Domain.Length == 0 && inputs is [{ Constant: null } x] && node.Operator is "Shape" or "Size")
        {
            return node.Operator == "Shape"
                ? [ConstantFolder.ShapeOf(node, inputs[0]!.Shape)]
                : [OnnxTensor.Of([], new[] { inputs[0]!.Shape.Aggregate(1L, static (count, size) => count * size) })];
        }

        return Array.TrueForAll(inputs, static input => input is null || input.Constant is not null)
            ? folder.Fold(node, Array.ConvertAll(inputs, static input => input?.Constant))
            : null;
    }

    private ImportedNetwork Finish(LoweringContext context, Term input)
    {
        Term output = context.Values.TryGetValue(outputName, out Term? found) ? found : throw new OnnxFormatException($"The output {outputName} is made by no node.");
        var last = new OnnxNode(outputName, "", "Identity", graph.Opset, [], [], new Dictionary<string, OnnxAttribute>());
        try
        {
            if (output.Constant is not null)
            {
                throw new UnsupportedOnnxException($"The output {outputName} does not depend on the input {inputName}.");
            }

            output = output.View is null ? context.Default(output, last) : throw new LoweringException($"it has {output.Rank} dimensions");
        }
        catch (LoweringException exception)
        {
            throw new UnsupportedOnnxException($"The output {outputName} cannot be imported: {exception.Message}.");
        }

        // Codes that a layer in float makes, or none at all, are those of a step that copies them.
        if (output.Step == 0 || (context.ParametersOf(output.Step) is not null && !QuantizationPass.CanBeInt8(context.Steps[output.Step - 1])))
        {
            QuantizationParameters? parameters = context.ParametersOf(output.Step);
            ElementType? codes = output.Codes;
            output = context.Add(outputName, last, Operations.Permute([0, 1, 2, 3]), output.Shape, output.Axes, output);
            output = output with { Codes = codes };
            if (parameters is { } own)
            {
                context.SetParameters(output.Step, own);
            }
        }

        if (input.Codes is { } type && context.InputParameters is null)
        {
            // Codes that nothing turns into numbers: whole numbers.
            context.SetParameters(0, new QuantizationParameters(1f, type == ElementType.Int8 ? 128 : 0));
        }

        List<Step> steps = StepOrder.Of(context.Steps, output.Step);
        UnsupportedNode[] pending = [.. steps.Where(static step => step.Operation.IsPending).Select(Pending)];
        return pending.Length == 0
            ? QuantizationPass.Run(new ImportedNetwork(inputName, outputName, input.Shape, output.Shape, steps) 
            {
                InputParameters = context.InputParameters,
                InputCodes = input.Codes,
                OutputCodes = output.Codes,
            })
            : throw new UnsupportedOnnxException(pending);
    }

    private UnsupportedNode Pending(Step step)
    {
        OnnxNode node = _nodes.First(node => node.Name == step.Node);
        return new UnsupportedNode(node.Name, node.FullOperator, node.Opset, $"{node.Operator} is supported as a part of a known function only, such as Erf in GELU");
    }

    private Dictionary<string, int> Readers()
    {
        var readers = new Dictionary<string, int>(StringComparer.Ordinal) { [outputName] = 1 };
        foreach (string input in _nodes.SelectMany(static node => node.Inputs).Where(static name => name.Length > 0))
        {
            readers[input] = readers.GetValueOrDefault(input) + 1;
        }

        return readers;
    }

    /// <summary>The nodes that an output depends on.</summary>
    private static List<OnnxNode> Needed(IReadOnlyList<OnnxNode> all, string output)
    {
        var values = new HashSet<string>(StringComparer.Ordinal) { output };
        var nodes = new List<OnnxNode>();
        foreach (OnnxNode node in all.Reverse())
        {
            if (node.Outputs.Any(values.Contains))
            {
                values.UnionWith(node.Inputs);
                nodes.Add(node);
            }
        }

        nodes.Reverse();
        return nodes;
    }
}
