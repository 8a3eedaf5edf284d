using System;
using System.Linq;
using Kernels.Models;

namespace Kernels.Bench.Subjects;

/// <summary>A generated layer and the code that was generated for it.</summary>
/// <param name="Factory">Makes the layer from weights.</param>
/// <param name="Source">The generated file.</param>
internal sealed record CompiledLayer(LayerFactory Factory, string Source)
{
    /// <summary>The dataflow that the planner chose, as the generated file's remarks name it.</summary>
    public string Dataflow
    {
        get
        {
            const string Head = "/// Dataflow ";
            string? line = Source.Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.StartsWith(Head, StringComparison.Ordinal));
            return line is null ? "?" : line[Head.Length..].TrimStart().Split(':', ' ')[0];
        }
    }
}
