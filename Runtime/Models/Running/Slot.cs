namespace Kernels.Models.Running;

/// <summary>A place that a step writes once and later ones read.</summary>
/// <param name="IsFloat">Whether it holds float32 values; otherwise quint8 codes.</param>
internal readonly record struct Slot(bool IsFloat)
{
    /// <summary>Bytes an element.</summary>
    public int ElementSize => IsFloat ? sizeof(float) : sizeof(byte);
}
