using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kernels.Models;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>Writes an imported network as a class that a person could have written: a method for each layer with weights, and a Forward.</summary>
internal sealed class SourceWriter
{
    private readonly ImportedNetwork _network;
    private readonly string _space;
    private readonly string _class;
    private readonly string _file;
    private readonly string _hash;
    private readonly bool _hasSize;

    // The C# name of each layer with weights, by its place.
    private readonly SortedDictionary<int, string> _layers = [];

    /// <summary>Prepares the source.</summary>
    /// <param name="network">The network.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The class.</param>
    /// <param name="file">Name of the ONNX file.</param>
    /// <param name="hash">Its SHA-256.</param>
    /// <param name="hasSize">Whether the input has one size only.</param>
    /// <exception cref="ToolException">There are steps that no function of C# does: all are listed.</exception>
    public SourceWriter(ImportedNetwork network, string space, string name, string file, string hash, bool hasSize)
    {
        _network = BatchNormFolding.Run(network);
        _space = space;
        _class = name;
        _file = file;
        _hash = hash;
        _hasSize = hasSize;
        var taken = new HashSet<string>(StringComparer.Ordinal) { name, "Forward", "Load", "Graph" };
        string prefix = CommonPrefix([.. _network.Steps.Select(static step => step.Name)]);
        for (int i = 1; i <= _network.Steps.Count; i++)
        {
            Step step = _network.Steps[i - 1];
            if (step.Operation.Weights is not null || step.Operation.BatchNorm is not null)
            {
                _layers[i] = Names.Unique(Names.Pascal(step.Name[prefix.Length..]), taken);
            }
        }

        string[] missing = [.. _network.Steps.Where((step, i) => !_layers.ContainsKey(i + 1) && Expressions.Of(step.Operation, ["x", "y"]) is null).Select(static step => $"  {step.Operation.Text} {step.Name}")];
        if (missing.Length > 0)
        {
            throw new ToolException($"These steps cannot be written as source; the network runs by OnnxModel.Load all the same:\n{string.Join('\n', missing)}");
        }
    }

    /// <summary>The weights, named as the layers.</summary>
    public SafetensorsWriter Weights()
    {
        var writer = new SafetensorsWriter();
        foreach ((int place, string name) in _layers)
        {
            Operation operation = _network.Steps[place - 1].Operation;
            if (operation is { Weights: { } weights, Spec: { } spec })
            {
                Shape4 shape = weights.Weight.Shape;
                int[] dims = operation.Function == "Linear" ? [shape.N, shape.C] : [shape.N, shape.C, shape.H, shape.W];
                writer.Add($"{name}.weight", dims, weights.Weight.Data);
                if (spec.HasBias)
                {
                    writer.Add($"{name}.bias", [spec.OutChannels], weights.Bias);
                }
            }
            else if (operation.BatchNorm is { } norm)
            {
                writer.Add($"{name}.weight", [norm.Channels], norm.Weight);
                writer.Add($"{name}.bias", [norm.Channels], norm.Bias);
                writer.Add($"{name}.running_mean", [norm.Channels], norm.Mean);
                writer.Add($"{name}.running_var", [norm.Channels], norm.Variance);
            }
        }

        return writer;
    }

    /// <summary>The source.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        text.Append($"// Written by `kernels import` from {_file}, SHA-256 {_hash}.\n");
        text.Append("using Kernels;\nusing Kernels.Layers;\nusing Kernels.Models;\nusing static Kernels.Models.Functions;\n\n");
        text.Append($"namespace {_space};\n\n/// <summary>The network of {_file}.</summary>\n[QuantizedModel{Size()}]\npublic sealed partial class {_class}\n{{\n");
        foreach ((int place, string name) in _layers)
        {
            Step step = _network.Steps[place - 1];
            string comment = step.Name == name ? "" : $"    // {step.Name.ReplaceLineEndings(" ")}\n";
            text.Append($"{comment}    [{LayerAttributes.Of(step.Operation)}]\n    private static partial Value {name}(Value x);\n\n");
        }

        text.Append("    private static Value Forward(Value x)\n    {\n");
        foreach (string line in Body())
        {
            text.Append($"        {line}\n");
        }

        return text.Append("    }\n}\n").ToString();
    }

    private string Size() => _hasSize ? $"(InputHeight = {_network.PhysicalInput.H}, InputWidth = {_network.PhysicalInput.W})" : "";

    /// <summary>A statement for each layer with weights and the functions behind it, and for each value that is read more than once.</summary>
    private IEnumerable<string> Body()
    {
        int count = _network.Steps.Count;
        var readers = new int[count + 1];
        foreach (int input in _network.Steps.SelectMany(static step => step.Inputs))
        {
            readers[input]++;
        }

        var taken = new HashSet<string>(StringComparer.Ordinal) { "x" };
        var values = new string[count + 1];
        var locals = new string[count + 1];
        values[0] = "x";
        string prefix = CommonPrefix([.. _network.Steps.Select(static step => step.Name)]);
        for (int i = 1; i <= count; i++)
        {
            Step step = _network.Steps[i - 1];
            string[] inputs = Array.ConvertAll(step.Inputs, input => values[input]);
            string expression = _layers.TryGetValue(i, out string? layer) ? $"{layer}({inputs[0]})" : Expressions.Of(step.Operation, inputs)!;

            // The name of the layer that a chain of functions starts with; of the step itself otherwise.
            locals[i] = layer ?? (step.Inputs.Length == 1 && step.Inputs[0] > 0 && readers[step.Inputs[0]] == 1 ? locals[step.Inputs[0]] : Names.Pascal(step.Name[prefix.Length..]));
            if (i == count)
            {
                yield return $"return {expression};";
                break;
            }

            Step? next = readers[i] == 1 ? _network.Steps.Skip(i).First(other => other.Inputs.Contains(i)) : null;
            bool staysInside = next is not null && next.Operation.Weights is null && next.Inputs.Length == 1 && ReferenceEquals(next, _network.Steps[i]);
            if (staysInside)
            {
                values[i] = expression;
                continue;
            }

            string local = Names.Unique(Names.Camel(locals[i]), taken);
            values[i] = local;
            yield return $"Value {local} = {expression};";
        }
    }

    /// <summary>What all names start with, up to a dot or slash: exporters put their own name there.</summary>
    private static string CommonPrefix(string[] names)
    {
        string first = names[0];
        int length = 0;
        for (int i = 0; i < first.Length; i++)
        {
            if (Array.Exists(names, name => name.Length <= i + 1 || name[i] != first[i]))
            {
                break;
            }

            length = first[i] is '.' or '/' ? i + 1 : length;
        }

        return first[..length];
    }
}
