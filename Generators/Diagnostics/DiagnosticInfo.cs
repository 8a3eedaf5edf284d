using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Diagnostics;

/// <summary>A diagnostic as an equatable value, for the pipeline to cache.</summary>
/// <param name="Descriptor">Which one.</param>
/// <param name="Location">Where; nothing for a class from another assembly.</param>
/// <param name="Arguments">What the message names, culture-free.</param>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location?.ToLocation(), [.. Arguments]);
}
