using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Diagnostics;

/// <summary>Collects the diagnostics of one class.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<DiagnosticInfo> _items = [];

    /// <summary>Whether one of them forbids to generate code.</summary>
    public bool HasErrors => _items.Exists(item => item.Descriptor.DefaultSeverity == DiagnosticSeverity.Error);

    public void Add(DiagnosticDescriptor descriptor, LocationInfo? location, params string[] arguments) =>
        _items.Add(new DiagnosticInfo(descriptor, location, new EquatableArray<string>(arguments)));

    public void AddAll(DiagnosticBag other) => _items.AddRange(other._items);

    /// <summary>All of them, each once: one argument can be wrong for both axes.</summary>
    public EquatableArray<DiagnosticInfo> ToEquatableArray() => new([.. _items.Distinct()]);
}
