using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <summary>
/// A run of a model class's code on values that only remember how they are made: it gathers the nodes' names and the lines of the plan.
/// </summary>
/// <param name="owner">The class whose code runs.</param>
/// <param name="parameters">The file of weights.</param>
internal sealed class ModelTrace(Type owner, StateDictionary parameters)
{
    private readonly List<string> _lines = [];
    private Scope _scope = new(owner, string.Empty, string.Empty);

    /// <summary>A line for each node, in order.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Runs a layer's method.</summary>
    public Value Layer(Type caller, string name, string? weights, ConvolutionSpec spec, bool isLinear, Value x)
    {
        CheckCaller(caller, name);
        LayerWeights values = parameters.Weights(_scope.Name + name, _scope.Weights + (weights ?? name), spec);
        return Add(name, new WeightedModule(spec, values, isLinear), [x], isLinear ? WeightedModule.LinearType : spec.Kind.ToString(), Arguments(spec));
    }

    /// <summary>Runs the method of a layer with tensors, but without a kernel.</summary>
    /// <param name="caller">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="operation">PyTorch's name of its type.</param>
    /// <param name="arguments">Its numbers, in the order of the generator's.</param>
    /// <param name="read">Makes the layer from its tensors, by its name for messages and by what theirs start with.</param>
    /// <param name="x">What it reads.</param>
    public Value Parameters(Type caller, string name, string? weights, string operation, ReadOnlySpan<object?> arguments, Func<StateDictionary, string, string, Module> read, Value x)
    {
        CheckCaller(caller, name);
        return Add(name, read(parameters, _scope.Name + name, _scope.Weights + (weights ?? name)), [x], operation, arguments);
    }

    /// <summary>Runs another class's network within this one: its layers get names, and weights, of their own.</summary>
    public Value Block(Type caller, string name, string? weights, Type block, Func<Value, Value> forward, Value x)
    {
        CheckCaller(caller, name);
        Scope outer = _scope;
        _scope = new Scope(block, outer.Name + name + ".", outer.Weights + (weights ?? name) + ".");
        try
        {
            return forward(x) ?? throw new InvalidOperationException($"{block.Name}.Forward returned null.");
        }
        finally
        {
            _scope = outer;
        }
    }

    /// <summary>Runs a function.</summary>
    public Value Function(string function, Module module, ReadOnlySpan<Value> inputs, ReadOnlySpan<object?> arguments) =>
        Add(function.ToLowerInvariant(), module, inputs, function, arguments);

    private Value Add(string name, Module module, ReadOnlySpan<Value> inputs, string operation, ReadOnlySpan<object?> arguments)
    {
        Value value = inputs[0].Builder.AddNumbered(_scope.Name + name, module, inputs);
        var names = new string[inputs.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = inputs[i].Name;
        }

        _lines.Add(CallText.Of(value.Name, operation, [.. arguments.ToArray().Select(CallText.Argument)], names));
        return value;
    }

    // Called straight from another class's code, a layer would not know whose weights are meant.
    private void CheckCaller(Type caller, string name)
    {
        if (caller != _scope.Owner)
        {
            throw new InvalidOperationException(
                $"The layer {name} of {caller.Name} was called while the code of {_scope.Owner.Name} ran: declare {caller.Name} as a block there, [QuantizedBlock(typeof({caller.Name}))] on a partial method, and call that.");
        }
    }

    private static object?[] Arguments(ConvolutionSpec spec) =>
    [
        spec.InChannels, spec.OutChannels, spec.KernelHeight, spec.KernelWidth, spec.StrideHeight, spec.StrideWidth, spec.PaddingHeight, spec.PaddingWidth,
        spec.OutputPaddingHeight, spec.OutputPaddingWidth, spec.DilationHeight, spec.DilationWidth, spec.Groups, spec.HasBias, spec.Activation, spec.NegativeSlope,
    ];

    /// <summary>Whose code runs, and what the names of its values and of its weights start with.</summary>
    private sealed record Scope(Type Owner, string Name, string Weights);
}
