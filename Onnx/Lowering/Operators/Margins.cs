namespace Kernels.Onnx.Lowering.Operators;

/// <summary>Columns and rows at the four sides of an image.</summary>
internal readonly record struct Margins(int Left, int Right, int Top, int Bottom)
{
    public bool IsNone => this == default;

    public bool IsSymmetric => Left == Right && Top == Bottom;

    public bool IsNegative => Left < 0 || Right < 0 || Top < 0 || Bottom < 0;
}
