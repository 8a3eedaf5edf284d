using System;
using System.Runtime.CompilerServices;

namespace Kernels.Execution;

/// <summary>One lane, without vector instructions.</summary>
internal readonly unsafe struct CodeLanesScalar : ICodeLanes<float, int>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float All(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int All(int value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* values) => *values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Values(int numbers) => numbers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(byte* codes, int zeroPoint) => *codes - zeroPoint;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(ushort* sums, int less) => *sums - less;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(int* sums, int less) => *sums - less;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float values, float* target) => *target = values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float x, float y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float x, float y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float x, float y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float x, float y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float DivideBySix(float x) => x / 6f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float x, float y) => x < y ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float x, float y) => x > y ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WhereAboveZero(float condition, float above, float otherwise) => condition > 0 ? above : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float NumberOrZero(float x) => float.IsNaN(x) ? 0f : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float a, float b, float c, float d, int zeroPoint, byte lowest, byte* codes)
    {
        codes[0] = Code(a, zeroPoint, lowest);
        codes[1] = Code(b, zeroPoint, lowest);
        codes[2] = Code(c, zeroPoint, lowest);
        codes[3] = Code(d, zeroPoint, lowest);
    }

    private static byte Code(float value, int zeroPoint, byte lowest) => (byte)Math.Clamp((long)MathF.Round(value) + zeroPoint, lowest, byte.MaxValue);
}
