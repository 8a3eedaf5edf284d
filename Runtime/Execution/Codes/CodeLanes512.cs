using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Execution;

/// <summary>Lanes of 512 bits: AVX-512.</summary>
internal readonly unsafe struct CodeLanes512 : ICodeLanes<Vector512<float>, Vector512<int>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> All(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> All(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* values) => Vector512.Load(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Values(Vector512<int> numbers) => Vector512.ConvertToSingle(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* codes, Vector512<int> zeroPoint)
    {
        Vector128<byte> bytes = Vector128.Load(codes);
        Vector512<int> numbers = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.Create(CodeLanes256.Widen(bytes), CodeLanes256.Widen(Vector128.Shuffle(bytes.AsUInt64(), Vector128.Create(1UL, 1UL)).AsByte()));
        return Vector512.ConvertToSingle(numbers - zeroPoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ushort* sums, Vector512<int> less)
    {
        Vector256<ushort> words = Vector256.Load(sums);
        Vector512<int> numbers = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(words)
            : Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
        return Vector512.ConvertToSingle(numbers - less);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(int* sums, Vector512<int> less) => Vector512.ConvertToSingle(Vector512.Load(sums) - less);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, float* target) => values.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> x, Vector512<float> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> x, Vector512<float> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> x, Vector512<float> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DivideBySix(Vector512<float> x)
    {
        if (Avx512F.IsSupported)
        {
            // The remainder of the rounded product is exact, and corrects it to the rounded quotient (Markstein), in a third of a division's time.
            Vector512<float> sixth = Vector512.Create(1f / 6f);
            Vector512<float> quotient = x * sixth;
            Vector512<float> remainder = Vector512.FusedMultiplyAdd(quotient, Vector512.Create(-6f), x);
            return Vector512.FusedMultiplyAdd(remainder, sixth, quotient);
        }

        return x / Vector512.Create(6f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> x, Vector512<float> y) => Vector512.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> x, Vector512<float> y) => Vector512.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WhereAboveZero(Vector512<float> condition, Vector512<float> above, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(condition, Vector512<float>.Zero), above, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NumberOrZero(Vector512<float> x) => Vector512.Equals(x, x) & x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, int zeroPoint, byte lowest, byte* codes)
    {
        if (!Avx512BW.IsSupported)
        {
            CodeLanes256.Store(a.GetLower(), a.GetUpper(), b.GetLower(), b.GetUpper(), zeroPoint, lowest, codes);
            CodeLanes256.Store(c.GetLower(), c.GetUpper(), d.GetLower(), d.GetUpper(), zeroPoint, lowest, codes + 32);
            return;
        }

        // The conversion rounds half to even. Packing works within 128 bits: each holds four numbers of every vector, which the permutation sorts.
        var zero = Vector512.Create((short)zeroPoint);
        Vector512<short> ab = Avx512BW.PackSignedSaturate(Avx512F.ConvertToVector512Int32(a), Avx512F.ConvertToVector512Int32(b));
        Vector512<short> cd = Avx512BW.PackSignedSaturate(Avx512F.ConvertToVector512Int32(c), Avx512F.ConvertToVector512Int32(d));
        Vector512<byte> packed = Avx512BW.PackUnsignedSaturate(Avx512BW.AddSaturate(ab, zero), Avx512BW.AddSaturate(cd, zero));
        Vector512<int> sorted = Avx512F.PermuteVar16x32(packed.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        Vector512.Max(sorted.AsByte(), Vector512.Create(lowest)).Store(codes);
    }
}
