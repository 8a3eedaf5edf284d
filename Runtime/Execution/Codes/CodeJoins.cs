using System.Runtime.CompilerServices;

namespace Kernels.Execution;

/// <summary>Sum in real units: PyTorch's <c>quantized.add</c>.</summary>
internal readonly struct AddJoin : ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.Add(TLanes.Multiply(x, xScale), TLanes.Multiply(y, yScale)), multiplier);
}

/// <summary>Difference in real units.</summary>
internal readonly struct SubtractJoin : ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.Subtract(TLanes.Multiply(x, xScale), TLanes.Multiply(y, yScale)), multiplier);
}

/// <summary>Product of codes, which is exact: PyTorch's <c>quantized.mul</c>.</summary>
internal readonly struct MultiplyJoin : ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.Multiply(x, y), multiplier);
}

/// <summary>Quotient in real units.</summary>
internal readonly struct DivideJoin : ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.Divide(TLanes.Multiply(x, xScale), TLanes.Multiply(y, yScale)), multiplier);
}

/// <summary>Factor and summand in real units.</summary>
internal readonly struct AffineJoin : ICodeJoin
{
    public static bool HasShift => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.Add(TLanes.Multiply(TLanes.Multiply(x, xScale), y), z), multiplier);
}

/// <summary>Factor and summand that hold the scales of input and output.</summary>
internal readonly struct FoldedAffineJoin : ICodeJoin
{
    public static bool HasShift => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Add(TLanes.Multiply(x, y), z);
}

/// <summary>A factor for values that are not above zero.</summary>
internal readonly struct SlopeJoin : ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TLanes.Multiply(TLanes.WhereAboveZero(x, TLanes.Multiply(x, xScale), TLanes.Multiply(TLanes.Multiply(x, xScale), y)), multiplier);
}

/// <summary>A join with its inputs in the other order: for constants that come first.</summary>
internal readonly struct Reversed<TJoin> : ICodeJoin
    where TJoin : struct, ICodeJoin
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged =>
        TJoin.Of<TLanes, TFloat, TInt>(y, x, z, yScale, xScale, multiplier);
}
