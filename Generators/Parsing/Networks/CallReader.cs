using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kernels.Generators.Parsing;

/// <summary>A value of the network being read.</summary>
/// <param name="Index">Its number in the graph.</param>
internal sealed record ReadValue(int Index);

/// <summary>The calls in a network's code: layers, blocks, functions, and methods that are followed.</summary>
internal sealed class CallReader(ForwardWalker walker, INamedTypeSymbol network, GraphWriter graph, DiagnosticBag diagnostics, CancellationToken cancellation)
{
    private const string Functions = "Kernels.Models.Functions";

    // Code that inlines itself to more than this is no network that was written by hand or by a tool.
    private const int MostSteps = 20_000;

    private readonly List<IMethodSymbol> _open = [];

    // Whose layers are called, and what their names start with; where a block was called, which is where its misfits are marked.
    private INamedTypeSymbol _network = network;
    private string _prefix = string.Empty;
    private SyntaxNode? _blockCall;

    /// <summary>Reads a network's Forward from its input on.</summary>
    /// <returns>The output.</returns>
    public int Forward(IMethodSymbol forward)
    {
        SyntaxNode syntax = forward.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        return Follow(forward, [new ReadValue(0)], syntax) is ReadValue { Index: > 0 } output
            ? output.Index
            : throw new UnreadableException(syntax, "it does not return what a layer or function makes");
    }

    /// <summary>Reads a call.</summary>
    public object? Call(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (LayerMethodParser.AttributeOf(method) is AttributeData attribute)
        {
            CheckOwner(method, call.Syntax);
            return Layer(method, attribute, Value(Arguments(call)[0], call.Syntax), call.Syntax);
        }

        if (method.ContainingType?.ToDisplayString() == Functions)
        {
            return Function(method.Name, Arguments(call), call.Syntax);
        }

        if (method is { IsStatic: true, MethodKind: MethodKind.Ordinary, IsGenericMethod: false } && method.DeclaringSyntaxReferences.Length > 0)
        {
            CheckOwner(method, call.Syntax);
            return Follow(method.PartialImplementationPart ?? method, Arguments(call), call.Syntax);
        }

        throw new UnreadableException(call.Syntax, $"'{method.Name}' is not a method that is followed");
    }

    /// <summary>An operator of values is the function of its name.</summary>
    public object Operator(IMethodSymbol method, object?[] items, SyntaxNode syntax) => Function(
        method.Name switch
        {
            "op_Addition" => "Add",
            "op_Subtraction" => items[0] is ReadValue ? "Sub" : "RSub",
            "op_Multiply" => "Mul",
            "op_Division" => "Div",
            _ => throw new UnreadableException(syntax, $"'{method.Name}' is no operator of values"),
        },
        items,
        syntax);

    private ReadValue Function(string name, object?[] items, SyntaxNode syntax)
    {
        // Values are read, all else are numbers; both in the order of the parameters.
        var inputs = new List<int>();
        var arguments = new List<object?>();
        foreach (object? item in items)
        {
            switch (item)
            {
                case ReadValue value:
                    inputs.Add(value.Index);
                    break;
                case object?[] values when values.Any(static value => value is ReadValue):
                    inputs.AddRange(values.Select(value => Value(value, syntax)));
                    break;
                case object?[] numbers:
                    arguments.AddRange(numbers);
                    break;
                default:
                    arguments.Add(item);
                    break;
            }
        }

        return inputs.Count == 0
            ? throw new UnreadableException(syntax, $"'{name}' reads no value")
            : Step(name.ToLowerInvariant(), name, [.. arguments], inputs, null, syntax);
    }

    private object? Layer(IMethodSymbol method, AttributeData attribute, int input, SyntaxNode syntax)
    {
        // What is wrong with the attribute is said there.
        switch (LayerMethodParser.Parse(method, attribute, new DiagnosticBag(), cancellation))
        {
            case KernelMethod layer:
                return Step(layer.Name, layer.IsLinear ? "Linear" : layer.Layer.Kind.ToString(), [], [input], layer.Layer, syntax);
            case ParameterMethod layer:
                return Step(layer.Name, layer.Operation, [.. layer.Arguments.Select(static argument => argument.Value)], [input], null, syntax);
            case BlockMethod { Layer: LayerSpec spec } block:
                return Step(block.Name, block.IsLinear ? "Linear" : spec.Kind.ToString(), [], [input], spec, syntax);
            case BlockMethod block when LayerMethodParser.BlockType(attribute) is INamedTypeSymbol type:
                return Block(block.Name, type, input, syntax);
            default:
                throw new UnreadableException(syntax, $"the attribute of '{method.Name}' is wrong");
        }
    }

    private object? Block(string name, INamedTypeSymbol type, int input, SyntaxNode syntax)
    {
        IMethodSymbol forward = ForwardMethod.Of(type) ?? throw new UnreadableException(syntax, $"'{type.Name}' has no Forward");
        (INamedTypeSymbol Network, string Prefix, SyntaxNode? BlockCall) outer = (_network, _prefix, _blockCall);
        (_network, _prefix, _blockCall) = (type, outer.Prefix + name + ".", outer.BlockCall ?? syntax);
        object? result = Follow(forward, [new ReadValue(input)], syntax);
        (_network, _prefix, _blockCall) = outer;
        return result;
    }

    private object? Follow(IMethodSymbol method, IReadOnlyList<object?> arguments, SyntaxNode syntax)
    {
        if (_open.Contains(method, SymbolEqualityComparer.Default))
        {
            diagnostics.Add(Descriptors.Recursion, new LocationInfo(syntax), method.Name);
            throw new UnreadableException(syntax, $"'{method.Name}' calls itself");
        }

        _open.Add(method);
        object? result = walker.Body(method, arguments, syntax);
        _open.RemoveAt(_open.Count - 1);
        return result;
    }

    /// <summary>A layer, or the Forward, of another network has no weights here.</summary>
    private void CheckOwner(IMethodSymbol method, SyntaxNode syntax)
    {
        INamedTypeSymbol owner = method.ContainingType;
        bool belongs = LayerMethodParser.AttributeOf(method) is not null || method.Name == ForwardMethod.Name;
        if (belongs && LayerMethodParser.IsNetwork(owner) && !SymbolEqualityComparer.Default.Equals(owner, _network))
        {
            diagnostics.Add(Descriptors.CallOfAnotherNetwork, new LocationInfo(syntax), method.Name, owner.Name);
            throw new UnreadableException(syntax, $"'{method.Name}' is of another network");
        }
    }

    private ReadValue Step(string name, string operation, object?[] arguments, IReadOnlyList<int> inputs, LayerSpec? layer, SyntaxNode syntax) => graph.Count >= MostSteps
        ? throw new UnreadableException(syntax, "there are more than 20,000 steps")
        : new ReadValue(graph.Add(_prefix + name, operation, arguments, inputs, layer, _blockCall ?? syntax));

    // An item for each parameter.
    private object?[] Arguments(IInvocationOperation call)
    {
        var items = new object?[call.TargetMethod.Parameters.Length];
        foreach (IArgumentOperation argument in call.Arguments)
        {
            items[argument.Parameter!.Ordinal] = walker.Item(argument.Value);
        }

        return items;
    }

    private static int Value(object? item, SyntaxNode syntax) =>
        item is ReadValue value ? value.Index : throw new UnreadableException(syntax, "it reads something that is no value");
}
