using System.Globalization;

namespace Kernels.Generators.Specs;

/// <summary>What is known of a value's shape.</summary>
/// <param name="Channels">Channels; 0 for unknown.</param>
/// <param name="Height">Rows; 0 for unknown.</param>
/// <param name="Width">Columns; 0 for unknown.</param>
internal readonly record struct TensorShape(int Channels, int Height, int Width)
{
    /// <summary>Nothing is known.</summary>
    public static readonly TensorShape Unknown = new(0, 0, 0);

    /// <summary>Whether rows and columns are known, and channels.</summary>
    public bool IsKnown => Channels > 0 && Height > 0 && Width > 0;

    /// <summary>As PyTorch shows shapes: <c>[N, 16, H, W]</c>, <c>[N, 16, 20, 20]</c>.</summary>
    public override string ToString() => $"[N, {Text(Channels, "C")}, {Text(Height, "H")}, {Text(Width, "W")}]";

    private static string Text(int size, string unknown) => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : unknown;
}
