using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>Lanes of 128 bits: SSE or Arm AdvSimd.</summary>
internal readonly unsafe struct CodeLanes128 : ICodeLanes<Vector128<float>, Vector128<int>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> All(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> All(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* values) => Vector128.Load(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Values(Vector128<int> numbers) => Vector128.ConvertToSingle(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(byte* codes, Vector128<int> zeroPoint)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(*(uint*)codes).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() - zeroPoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ushort* sums, Vector128<int> less)
    {
        Vector128<ushort> words = Vector128.CreateScalarUnsafe(*(ulong*)sums).AsUInt16();
        return Vector128.ConvertToSingle(Vector128.WidenLower(words).AsInt32() - less);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(int* sums, Vector128<int> less) => Vector128.ConvertToSingle(Vector128.Load(sums) - less);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> values, float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> x, Vector128<float> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> x, Vector128<float> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> x, Vector128<float> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> x, Vector128<float> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> DivideBySix(Vector128<float> x)
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            // The remainder of the rounded product is exact, and corrects it to the rounded quotient (Markstein), in a third of a division's time.
            Vector128<float> sixth = Vector128.Create(1f / 6f);
            Vector128<float> quotient = x * sixth;
            Vector128<float> remainder = Vector128.FusedMultiplyAdd(quotient, Vector128.Create(-6f), x);
            return Vector128.FusedMultiplyAdd(remainder, sixth, quotient);
        }

        return x / Vector128.Create(6f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> x, Vector128<float> y) => Vector128.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> x, Vector128<float> y) => Vector128.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WhereAboveZero(Vector128<float> condition, Vector128<float> above, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(condition, Vector128<float>.Zero), above, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> NumberOrZero(Vector128<float> x) => Vector128.Equals(x, x) & x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, int zeroPoint, byte lowest, byte* codes)
    {
        var zero = Vector128.Create((short)zeroPoint);
        Vector128<short> ab = Vector128.AddSaturate(Vector128.NarrowWithSaturation(Round(a), Round(b)), zero);
        Vector128<short> cd = Vector128.AddSaturate(Vector128.NarrowWithSaturation(Round(c), Round(d)), zero);
        Vector128<byte> packed = Sse2.IsSupported
            ? Sse2.PackUnsignedSaturate(ab, cd)
            : Vector128.NarrowWithSaturation(Vector128.Max(ab, Vector128<short>.Zero).AsUInt16(), Vector128.Max(cd, Vector128<short>.Zero).AsUInt16());
        Vector128.Max(packed, Vector128.Create(lowest)).Store(codes);
    }

    // Half to even.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<float> x) =>
        Sse2.IsSupported ? Sse2.ConvertToVector128Int32(x)
        : AdvSimd.IsSupported ? AdvSimd.ConvertToInt32RoundToEven(x)
        : Vector128.ConvertToInt32(Vector128.Round(x));
}
