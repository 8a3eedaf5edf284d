using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>A function of each code as a table.</summary>
internal sealed class TableOperator(byte[] table) : Operator
{
    private readonly LookupTable _lookup = new(table);

    /// <summary>The result for each code.</summary>
    public byte[] Table => table;

    public override int InPlaceInput => 0;

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs) => inputs[0];

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output) => _lookup.Apply(memory.Read(inputs[0]), memory.Write(output));
}
