using System;
using Kernels.Generators.Diagnostics;

namespace Kernels.Generators.Parsing;

/// <summary>What was read from one annotated class.</summary>
/// <param name="Model">The model, or nothing when no code can be generated.</param>
/// <param name="Diagnostics">What there is to say.</param>
internal sealed record ParseResult<TModel>(TModel? Model, EquatableArray<DiagnosticInfo> Diagnostics)
    where TModel : class, IEquatable<TModel>
{
    /// <summary>The model unless an error forbids it.</summary>
    public static ParseResult<TModel> From(TModel? model, DiagnosticBag diagnostics) =>
        new(diagnostics.HasErrors ? null : model, diagnostics.ToEquatableArray());
}
