using System;

namespace Kernels.Models;

/// <summary>
/// Functions of values, with PyTorch's meaning, for the code of a network: <c>using static Kernels.Models.Functions;</c>. Each adds a step to the
/// network that its input belongs to, under the function's name in lower case, with a number where that is taken: <c>add</c>, <c>add_1</c>.
/// </summary>
public static partial class Functions
{
    /// <summary>PyTorch's QuantStub: here the network turns to int8, where it has stubs.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Quantize(Value x) =>
        Call(nameof(Quantize), Modules.QuantStub(), [x]);

    /// <summary>PyTorch's DeQuantStub: here the network turns back to float.</summary>
    /// <param name="x">What the function reads.</param>
    /// <returns>What it makes.</returns>
    public static Value Dequantize(Value x) =>
        Call(nameof(Dequantize), Modules.DeQuantStub(), [x]);

    private static Value Call(string function, Module module, ReadOnlySpan<Value> inputs, params ReadOnlySpan<object?> arguments)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException($"{function} needs at least one value.", nameof(inputs));
        }

        foreach (Value input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        }

        ModelBuilder builder = inputs[0].Builder;
        return builder.Trace is { } trace
            ? trace.Function(function, module, inputs, arguments)
            : builder.AddNumbered(function.ToLowerInvariant(), module, inputs);
    }
}
