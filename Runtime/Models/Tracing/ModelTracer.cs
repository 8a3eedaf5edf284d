using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>What generated code of classes annotated with <see cref="QuantizedModelAttribute"/> calls; not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class ModelTracer
{
    /// <summary>Runs a model class's code on values that remember how they are made.</summary>
    /// <param name="model">The class.</param>
    /// <param name="weights">F32 or F16 tensors by name.</param>
    /// <param name="forward">The class's Forward.</param>
    /// <param name="kernels">Kernels for its layers, by name; a layer of another name takes one of its shape.</param>
    /// <param name="inputChannels">Channels of the input; 0 to find them by the layers that read it.</param>
    /// <param name="plan">The lines that the compiler read in the code; null where it could not read all of it.</param>
    /// <param name="fuse">Whether functions are computed within the layers before them, as the kernels are.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidDataException">Weights are missing, superfluous, or of another shape; the message lists all of them.</exception>
    /// <exception cref="ArgumentException">A layer or function cannot read the channels that reach it.</exception>
    /// <exception cref="InvalidOperationException">The code does something else than the compiler read in it, or returns no value of a layer.</exception>
    public static FloatModel Trace(Type model, SafetensorsFile weights, Func<Value, Value> forward, IReadOnlyList<LayerFactory> kernels, int inputChannels = 0, string? plan = null, bool fuse = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(kernels);
        int channels = inputChannels > 0 ? inputChannels : InputChannels(model, Run(model, new StateDictionary(weights), forward, 0).Nodes);
        var parameters = new StateDictionary(weights);
        (ModelNode[] nodes, string[] lines) = Run(model, parameters, forward, channels);
        if (plan is not null)
        {
            PlanCheck.ThrowOnDifference(model.Name, plan, lines);
        }

        parameters.ThrowOnMisfits(model.Name);
        FloatModel network = new(channels, nodes);
        if (fuse)
        {
            network = network.FuseEpilogues();
        }

        var choice = new KernelChoice(kernels);
        return new FloatModel(channels, Array.ConvertAll(network.Nodes, node => plan is null ? choice.For(node) : choice.Planned(node)));
    }

    /// <summary>Reads a converted model that <see cref="QuantizedModel.Save(string)"/> wrote, and gives its layers kernels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kernels">Kernels by the names of layers; a layer of another name takes one of its shape, and one without runs a generic kernel.</param>
    /// <returns>The model; it computes what the saved one did.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or of another version, or of another network.</exception>
    public static QuantizedModel Load(string path, IReadOnlyList<LayerFactory> kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return QuantizedModel.Load(path, [], nodes => WithKernels(nodes, kernels));
    }

    /// <summary>Reads what <see cref="QuantizedModel.Save(Stream)"/> wrote, and gives its layers kernels.</summary>
    /// <param name="stream">The bytes, read to the end; it stays open.</param>
    /// <param name="kernels">As for a file.</param>
    /// <returns>The model; it computes what the saved one did.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version, or of another network.</exception>
    public static QuantizedModel Load(Stream stream, IReadOnlyList<LayerFactory> kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return QuantizedModelFile.Read(SafetensorsFile.Load(stream), [], nodes => WithKernels(nodes, kernels));
    }

    private static ConvertedNode[] WithKernels(ConvertedNode[] saved, IReadOnlyList<LayerFactory> kernels)
    {
        var choice = new KernelChoice(kernels);
        ConvertedNode[] nodes = Array.ConvertAll(saved, node => node with { Node = choice.For(node.Node) });
        string[] names = [.. nodes.Where(static node => node.Node.Layer is WeightedModule).Select(static node => node.Node.Name)];
        if (names.Length > 0 && kernels.Count > 0 && !nodes.Any(static node => node.Node.Layer is WeightedModule { Kernel: not null }))
        {
            throw new InvalidDataException(
                $"No layer of the file ({Text(names)}) is one of this class ({Text([.. kernels.Select(static kernel => kernel.Name)])}): it was saved by another. QuantizedModel.Load runs any model, with generic kernels.");
        }

        return nodes;

        static string Text(string[] names) => string.Join(", ", names.Take(4)) + (names.Length > 4 ? ", ..." : "");
    }

    /// <summary>The body of a layer's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="spec">Its shape.</param>
    /// <param name="isLinear">Whether it is a linear layer.</param>
    /// <returns>What the layer makes.</returns>
    public static Value Layer(Value x, Type model, string name, string? weights, ConvolutionSpec spec, bool isLinear = false) =>
        TraceOf(x, name).Layer(model, name, weights, spec, isLinear, x);

    /// <summary>The body of a block's method.</summary>
    /// <param name="x">What the block reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="block">The class whose network it is.</param>
    /// <param name="forward">That class's Forward.</param>
    /// <returns>What the block makes.</returns>
    public static Value Block(Value x, Type model, string name, string? weights, Type block, Func<Value, Value> forward) =>
        TraceOf(x, name).Block(model, name, weights, block, forward, x);

    private static ModelTrace TraceOf(Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Builder.Trace ?? throw new InvalidOperationException(
            $"The layer {name} has no weights here: layers of a model class run within its Forward, when an instance is made.");
    }

    private static (ModelNode[] Nodes, string[] Lines) Run(Type model, StateDictionary parameters, Func<Value, Value> forward, int channels)
    {
        var trace = new ModelTrace(model, parameters);
        var builder = new ModelBuilder(trace, channels);
        Value output = forward(builder.Input) ?? throw new InvalidOperationException($"{model.Name}.Forward returned null.");
        if (output.Builder != builder || output.Index == 0)
        {
            throw new InvalidOperationException($"{model.Name}.Forward must return what one of its layers or functions made of its input.");
        }

        return Used(builder.Nodes, trace.Lines, output.Index);
    }

    /// <summary>The nodes that the output depends on, in order; what was computed for nothing goes.</summary>
    private static (ModelNode[] Nodes, string[] Lines) Used(IReadOnlyList<ModelNode> nodes, IReadOnlyList<string> lines, int output)
    {
        var isUsed = new bool[nodes.Count + 1];
        isUsed[output] = true;
        for (int value = output; value > 0; value--)
        {
            if (isUsed[value])
            {
                Array.ForEach(nodes[value - 1].Inputs, input => isUsed[input] = true);
            }
        }

        var moved = new int[nodes.Count + 1];
        var kept = new List<ModelNode>();
        var keptLines = new List<string>();
        for (int value = 1; value <= output; value++)
        {
            if (isUsed[value])
            {
                kept.Add(nodes[value - 1] with { Inputs = Array.ConvertAll(nodes[value - 1].Inputs, input => moved[input]) });
                keptLines.Add(lines[value - 1]);
                moved[value] = kept.Count;
            }
        }

        return ([.. kept], [.. keptLines]);
    }

    /// <summary>The channels that every layer can live with, among those that a layer reads.</summary>
    private static int InputChannels(Type model, ModelNode[] nodes)
    {
        foreach (int candidate in nodes.Select(static node => node.Layer).OfType<WeightedModule>().Select(static layer => layer.Spec.InChannels).Distinct())
        {
            if (Fits(nodes, candidate))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"The layers of {model.Name} do not tell how many channels its input has: say it with InputChannels on its attribute.");
    }

    private static bool Fits(ModelNode[] nodes, int inputChannels)
    {
        var channels = new int[nodes.Length + 1];
        channels[0] = inputChannels;
        try
        {
            for (int i = 0; i < nodes.Length; i++)
            {
                channels[i + 1] = nodes[i].Layer.OutputChannels(Array.ConvertAll(nodes[i].Inputs, input => channels[input]));
            }

            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
