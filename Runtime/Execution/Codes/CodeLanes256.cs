using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>Lanes of 256 bits: AVX2.</summary>
internal readonly unsafe struct CodeLanes256 : ICodeLanes<Vector256<float>, Vector256<int>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> All(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> All(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* values) => Vector256.Load(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Values(Vector256<int> numbers) => Vector256.ConvertToSingle(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* codes, Vector256<int> zeroPoint) => Vector256.ConvertToSingle(Widen(Vector128.CreateScalarUnsafe(*(ulong*)codes).AsByte()) - zeroPoint);

    /// <summary>The first eight codes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector128<byte> codes)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(codes);
        }

        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.WidenLower(codes));
        return Vector256.Create(lower, upper).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ushort* sums, Vector256<int> less)
    {
        Vector128<ushort> words = Vector128.Load(sums);
        Vector256<int> numbers = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(words)
            : Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
        return Vector256.ConvertToSingle(numbers - less);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(int* sums, Vector256<int> less) => Vector256.ConvertToSingle(Vector256.Load(sums) - less);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> x, Vector256<float> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> x, Vector256<float> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> x, Vector256<float> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> x, Vector256<float> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> DivideBySix(Vector256<float> x)
    {
        if (Fma.IsSupported)
        {
            // The remainder of the rounded product is exact, and corrects it to the rounded quotient (Markstein), in a third of a division's time.
            Vector256<float> sixth = Vector256.Create(1f / 6f);
            Vector256<float> quotient = x * sixth;
            Vector256<float> remainder = Vector256.FusedMultiplyAdd(quotient, Vector256.Create(-6f), x);
            return Vector256.FusedMultiplyAdd(remainder, sixth, quotient);
        }

        return x / Vector256.Create(6f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> x, Vector256<float> y) => Vector256.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> x, Vector256<float> y) => Vector256.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WhereAboveZero(Vector256<float> condition, Vector256<float> above, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(condition, Vector256<float>.Zero), above, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NumberOrZero(Vector256<float> x) => Vector256.Equals(x, x) & x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, int zeroPoint, byte lowest, byte* codes)
    {
        if (!Avx2.IsSupported)
        {
            CodeLanes128.Store(a.GetLower(), a.GetUpper(), b.GetLower(), b.GetUpper(), zeroPoint, lowest, codes);
            CodeLanes128.Store(c.GetLower(), c.GetUpper(), d.GetLower(), d.GetUpper(), zeroPoint, lowest, codes + 16);
            return;
        }

        // The conversion rounds half to even. Packing works within 128 bits: each holds four numbers of every vector, which the permutation sorts.
        var zero = Vector256.Create((short)zeroPoint);
        Vector256<short> ab = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(a), Avx.ConvertToVector256Int32(b));
        Vector256<short> cd = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(c), Avx.ConvertToVector256Int32(d));
        Vector256<byte> packed = Avx2.PackUnsignedSaturate(Avx2.AddSaturate(ab, zero), Avx2.AddSaturate(cd, zero));
        Vector256<int> sorted = Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7));
        Vector256.Max(sorted.AsByte(), Vector256.Create(lowest)).Store(codes);
    }
}
