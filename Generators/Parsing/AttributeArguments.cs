using System.Collections.Generic;
using System.Threading;
using Kernels.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators.Parsing;

/// <summary>The named arguments that an attribute was given, and where.</summary>
internal sealed class AttributeArguments
{
    private readonly Dictionary<string, TypedConstant> _values = [];
    private readonly Dictionary<string, LocationInfo> _locations = [];

    public AttributeArguments(AttributeData attribute, CancellationToken cancellation)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            _values[argument.Key] = argument.Value;
            IsBroken |= argument.Value.Kind == TypedConstantKind.Error;
        }

        IsBroken |= attribute.AttributeConstructor is null;
        if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
        {
            return;
        }

        Attribute = new LocationInfo(syntax);
        foreach (AttributeArgumentSyntax argument in syntax.ArgumentList?.Arguments ?? [])
        {
            if (argument.NameEquals?.Name.Identifier.ValueText is string name)
            {
                _locations[name] = new LocationInfo(argument);
                IsBroken |= !_values.ContainsKey(name);
            }
        }
    }

    /// <summary>The attribute itself; nothing when it comes from another assembly.</summary>
    public LocationInfo? Attribute { get; }

    /// <summary>Whether the compiler could not read an argument; it says so itself.</summary>
    public bool IsBroken { get; }

    public bool IsGiven(string name) => _values.ContainsKey(name);

    /// <summary>The value given, or else the default. Enums read as <see langword="int"/>.</summary>
    public T Get<T>(string name, T missing)
        where T : struct => _values.TryGetValue(name, out TypedConstant constant) && constant.Value is T value ? value : missing;

    /// <summary>The text given, or nothing.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out TypedConstant constant) ? constant.Value as string : null;

    /// <summary>The argument, or the attribute when the argument was not given.</summary>
    public LocationInfo? LocationOf(string name) => _locations.TryGetValue(name, out LocationInfo? location) ? location : Attribute;
}
