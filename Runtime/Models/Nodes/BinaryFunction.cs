namespace Kernels.Models.Nodes;

/// <summary>What a layer with two inputs computes, element by element.</summary>
internal enum BinaryFunction
{
    Add,
    Mul,
    Sub,
    Div,
}
