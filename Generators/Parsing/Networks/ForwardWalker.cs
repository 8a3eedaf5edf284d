using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kernels.Generators.Parsing;

/// <summary>
/// Walks through the statements of a network's methods as they would run. An item is a value (its number, in <see cref="ReadValue"/>), several of them
/// (an array), or a constant.
/// </summary>
internal sealed class ForwardWalker
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly CallReader _calls;

    // The locals and parameters of the method being read.
    private Dictionary<ISymbol, object?> _items = new(SymbolEqualityComparer.Default);

    public ForwardWalker(Compilation compilation, INamedTypeSymbol network, GraphWriter graph, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _compilation = compilation;
        _cancellation = cancellation;
        _calls = new CallReader(this, network, graph, diagnostics, cancellation);
    }

    /// <summary>Reads the network and gives the value that it returns.</summary>
    public int Run(IMethodSymbol forward) => _calls.Forward(forward);

    /// <summary>Reads a method's body with its parameters.</summary>
    /// <param name="method">The method.</param>
    /// <param name="arguments">An item for each parameter.</param>
    /// <param name="call">The call, for messages.</param>
    public object? Body(IMethodSymbol method, IReadOnlyList<object?> arguments, SyntaxNode call)
    {
        SyntaxNode? syntax = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation);
        if (syntax is null || !_compilation.ContainsSyntaxTree(syntax.SyntaxTree)
            || _compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, _cancellation) is not IMethodBodyOperation body
            || (body.BlockBody ?? body.ExpressionBody) is not IBlockOperation block)
        {
            throw new UnreadableException(call, $"the code of '{method.Name}' is not here");
        }

        Dictionary<ISymbol, object?> outer = _items;
        _items = new Dictionary<ISymbol, object?>(SymbolEqualityComparer.Default);
        for (int i = 0; i < arguments.Count; i++)
        {
            _items[method.Parameters[i]] = arguments[i];
        }

        bool returns = Block(block, out object? result);
        _items = outer;
        return returns ? result : throw new UnreadableException(call, $"'{method.Name}' returns nothing that can be followed");
    }

    /// <summary>The item that an expression gives.</summary>
    public object? Item(IOperation operation)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (operation.ConstantValue is { HasValue: true, Value: var constant })
        {
            return constant;
        }

        switch (operation)
        {
            case IConversionOperation { OperatorMethod: null } conversion:
                return Item(conversion.Operand);
            case IDefaultValueOperation { Type: { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } }:
                return null;
            case ILocalReferenceOperation local when _items.TryGetValue(local.Local, out object? item):
                return item;
            case IParameterReferenceOperation parameter when _items.TryGetValue(parameter.Parameter, out object? item):
                return item;
            case IInvocationOperation call:
                return _calls.Call(call);
            case IBinaryOperation { OperatorMethod: IMethodSymbol method } binary when ForwardMethod.IsValue(method.ContainingType):
                return _calls.Operator(method, [Item(binary.LeftOperand), Item(binary.RightOperand)], binary.Syntax);
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment.Target, Item(assignment.Value));
            case ICompoundAssignmentOperation { OperatorMethod: IMethodSymbol method } assignment when ForwardMethod.IsValue(method.ContainingType):
                return Assign(assignment.Target, _calls.Operator(method, [Item(assignment.Target), Item(assignment.Value)], assignment.Syntax));
            case IConditionalOperation { WhenFalse: IOperation otherwise } conditional when Item(conditional.Condition) is bool condition:
                return Item(condition ? conditional.WhenTrue : otherwise);
            case IArrayCreationOperation { Initializer: IArrayInitializerOperation initializer }:
                return initializer.ElementValues.Select(Item).ToArray();
            case ICollectionExpressionOperation collection when collection.Elements.All(static element => element is not ISpreadOperation):
                return collection.Elements.Select(Item).ToArray();
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when Item(element.ArrayReference) is object?[] array && Item(element.Indices[0]) is int i && i >= 0 && i < array.Length:
                return array[i];
            default:
                throw Unreadable(operation);
        }
    }

    // Whether the block returned.
    private bool Block(IBlockOperation block, out object? result)
    {
        foreach (IOperation statement in block.Operations)
        {
            if (Statement(statement, out result))
            {
                return true;
            }
        }

        result = null;
        return false;
    }

    private bool Statement(IOperation statement, out object? result)
    {
        result = null;
        switch (statement)
        {
            case IReturnOperation { ReturnedValue: IOperation value }:
                result = Item(value);
                return true;
            case IVariableDeclarationGroupOperation group:
                foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators))
                {
                    if (declarator.GetVariableInitializer() is IVariableInitializerOperation initializer)
                    {
                        _items[declarator.Symbol] = Item(initializer.Value);
                    }
                }

                return false;
            case IExpressionStatementOperation expression:
                Item(expression.Operation);
                return false;
            case IBlockOperation block:
                return Block(block, out result);
            case IConditionalOperation branch when Item(branch.Condition) is bool condition:
                IOperation? taken = condition ? branch.WhenTrue : branch.WhenFalse;
                return taken is not null && Statement(taken, out result);
            case IEmptyOperation or ILocalFunctionOperation:
                return false;
            default:
                throw Unreadable(statement);
        }
    }

    private object? Assign(IOperation target, object? item)
    {
        ISymbol symbol = target switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IDiscardOperation discard => discard.DiscardSymbol,
            _ => throw new UnreadableException(target.Syntax, "only locals are followed, not what may change elsewhere"),
        };
        _items[symbol] = item;
        return item;
    }

    private static UnreadableException Unreadable(IOperation operation) => new(operation.Syntax, operation switch
    {
        ILoopOperation => "a loop is not read",
        IConditionalOperation => "a condition is known at run time only",
        ISwitchOperation or ISwitchExpressionOperation => "a switch is not read",
        IFieldReferenceOperation or IPropertyReferenceOperation => "it is known at run time only",
        IInvalidOperation => "the compiler does not understand it",
        _ => "it is not straight-line code of layers and functions",
    });
}
