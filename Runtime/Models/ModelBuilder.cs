using System;
using System.Collections.Generic;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>
/// Builds a model layer by layer: a directed graph with one input and one output, so that branches can be saved, cropped, scaled
/// and joined again.
/// </summary>
/// <remarks>
/// <code>
/// var builder = new ModelBuilder(inChannels: 3);
/// Value a = builder.Add("conv1", Modules.Conv2d(LayerWeights.Read(file, "conv1")), builder.Input);
/// Value b = builder.Add("relu1", Modules.ReLU(), a);
/// FloatModel model = builder.Build(b).Fuse();
/// </code>
/// </remarks>
public sealed class ModelBuilder
{
    /// <summary>The name of the model's input in messages and files.</summary>
    internal const string InputName = ValueNames.Input;

    private readonly List<ModelNode> _nodes = [];
    private readonly List<Value> _values = [];
    private readonly ValueNames _names = new();

    /// <summary>Starts a model.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public ModelBuilder(int inChannels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        Input = new Value(this, 0, InputName, inChannels);
        _values.Add(Input);
    }

    /// <summary>Starts the model of a class whose code is about to run.</summary>
    /// <param name="trace">What the code's layers need to know.</param>
    /// <param name="inChannels">Channels of the input; 0 while they are not known.</param>
    internal ModelBuilder(ModelTrace trace, int inChannels)
    {
        Trace = trace;
        Input = new Value(this, 0, InputName, inChannels);
        _values.Add(Input);
    }

    /// <summary>The model's input.</summary>
    public Value Input { get; }

    /// <summary>The class whose code builds the model, if one does.</summary>
    internal ModelTrace? Trace { get; }

    internal IReadOnlyList<ModelNode> Nodes => _nodes;

    internal IReadOnlyList<Value> Values => _values;

    /// <summary>Adds a layer.</summary>
    /// <param name="name">Its name in messages, files and <see cref="Quantization.QConfigMapping"/>: not empty, and no other layer's.</param>
    /// <param name="layer">What it computes.</param>
    /// <param name="inputs">What it reads, in order.</param>
    /// <returns>What it makes.</returns>
    /// <exception cref="ArgumentException">The name is taken, the inputs are too few or too many (1,024 at most), the layer cannot read their channels, or it is layer 8,193.</exception>
    public Value Add(string name, Module layer, params ReadOnlySpan<Value> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(layer);
        (int[] indices, int outChannels) = Connect(name, layer, inputs);
        return _names.Take(name)
            ? Append(new ModelNode(name, layer, indices), outChannels)
            : throw new ArgumentException($"There is already a layer {name}: give each layer a name of its own.", nameof(name));
    }

    /// <summary>Adds a layer under a name that gets a number when it is taken.</summary>
    internal Value AddNumbered(string name, Module layer, params ReadOnlySpan<Value> inputs)
    {
        (int[] indices, int outChannels) = Connect(name, layer, inputs);
        return Append(new ModelNode(_names.TakeNumbered(name), layer, indices), outChannels);
    }

    /// <summary>Finishes the model. The builder can go on and build another one.</summary>
    /// <param name="output">What the model returns.</param>
    /// <returns>The float model.</returns>
    /// <exception cref="ArgumentException">The output is not a layer's, belongs to another builder, or a layer is not used for it.</exception>
    public FloatModel Build(Value output)
    {
        CheckOutput(output);
        return new FloatModel(Input.Channels, [.. _nodes]);
    }

    /// <summary>Throws unless the output is the last layer's and every layer is used for it.</summary>
    internal void CheckOutput(Value output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Builder != this || output.Index == 0)
        {
            throw new ArgumentException("The output of a model must be made by one of its layers.", nameof(output));
        }

        var isUsed = new bool[_values.Count];
        isUsed[output.Index] = true;
        for (int i = _nodes.Count; i > 0; i--)
        {
            if (!isUsed[i])
            {
                throw new ArgumentException($"The layer {_nodes[i - 1].Name} is not used for the output {output.Name}: leave it out, or join it to what is used.", nameof(output));
            }

            foreach (int input in _nodes[i - 1].Inputs)
            {
                isUsed[input] = true;
            }
        }

        // Programs write the output to the caller's memory, so something must compute it.
        if (_nodes.TrueForAll(static node => node.Layer is StubModule))
        {
            throw new ArgumentException("A model needs a layer that computes something.", nameof(output));
        }
    }

    private Value Append(ModelNode node, int outChannels)
    {
        _nodes.Add(node);
        var value = new Value(this, _nodes.Count, node.Name, outChannels);
        _values.Add(value);
        return value;
    }

    /// <summary>Checks what a layer reads, and gives its inputs and the channels of its output.</summary>
    private (int[] Inputs, int OutChannels) Connect(string name, Module layer, ReadOnlySpan<Value> inputs)
    {
        if (layer.InputCount == 0 ? inputs.IsEmpty : inputs.Length != layer.InputCount)
        {
            throw new ArgumentException(
                $"The layer {name} ({layer.Type}) reads {(layer.InputCount == 0 ? "at least one input" : $"{layer.InputCount} inputs")}, but got {inputs.Length}.",
                nameof(inputs));
        }

        if (_nodes.Count == Limits.Nodes || inputs.Length > Limits.Inputs)
        {
            throw new ArgumentException($"A model has at most {Limits.Nodes} layers, and each at most {Limits.Inputs} inputs, but {name} is layer {_nodes.Count + 1} and has {inputs.Length} inputs.", nameof(name));
        }

        var indices = new int[inputs.Length];
        var channels = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            if (inputs[i].Builder != this)
            {
                throw new ArgumentException($"The layer {name} reads {inputs[i].Name}, which belongs to another builder.", nameof(inputs));
            }

            indices[i] = inputs[i].Index;
            channels[i] = inputs[i].Channels;
        }

        try
        {
            return (indices, layer.OutputChannels(channels));
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"The layer {name} ({layer.Type}) cannot read {string.Join(" and ", Names(indices))}. {exception.Message}", nameof(inputs), exception);
        }
    }

    private IEnumerable<string> Names(int[] values)
    {
        foreach (int value in values)
        {
            yield return _values[value].Name;
        }
    }
}
