using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kernels.Quantization;

/// <summary>The least and the greatest of some values. Every vector width gives the same bits; a zero is always positive.</summary>
internal readonly record struct ValueRange(float Min, float Max)
{
    // Bits of |x|, as an integer, that stand for infinity; those of NaN are greater.
    private const int InfinityBits = 0x7F800000;

    /// <summary>The range of nothing.</summary>
    public static ValueRange Empty { get; } = new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>Whether there was no value.</summary>
    public bool IsEmpty => Min > Max;

    /// <summary>The range of both.</summary>
    public ValueRange Union(ValueRange other) => new(MathF.Min(Min, other.Min), MathF.Max(Max, other.Max));

    /// <summary>The range of values that must be finite.</summary>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static ValueRange Of(ReadOnlySpan<float> values) => TryOf(values, out ValueRange range) ? range : throw NotFinite(values);

    /// <summary>The range of values; false when one of them is NaN or infinite.</summary>
    public static bool TryOf(ReadOnlySpan<float> values, out ValueRange range)
    {
        float min = float.PositiveInfinity;
        float max = float.NegativeInfinity;
        // The greatest |x|, compared as an integer: finds NaN, which comparisons of floats would lose, at the price of one more maximum.
        int magnitude = 0;
        int length = values.Length;
        int i = 0;
        ref float first = ref MemoryMarshal.GetReference(values);
        // Each loop reads whole vectors inside the span and steps back to the last one, since a value may count twice.
        if (Vector512.IsHardwareAccelerated && length >= 2 * Vector512<float>.Count)
        {
            const int Step = 32;
            (Vector512<float> min0, Vector512<float> min1) = (Vector512.Create(min), Vector512.Create(min));
            (Vector512<float> max0, Vector512<float> max1) = (Vector512.Create(max), Vector512.Create(max));
            (Vector512<int> bits0, Vector512<int> bits1) = (default, default);
            Vector512<int> mask = Vector512.Create(int.MaxValue);
            for (; i < length; i += Step)
            {
                i = Math.Min(i, length - Step);
                Vector512<float> x0 = Vector512.LoadUnsafe(ref first, (nuint)i);
                Vector512<float> x1 = Vector512.LoadUnsafe(ref first, (nuint)i + 16);
                (min0, min1) = (Vector512.MinNative(min0, x0), Vector512.MinNative(min1, x1));
                (max0, max1) = (Vector512.MaxNative(max0, x0), Vector512.MaxNative(max1, x1));
                (bits0, bits1) = (Vector512.Max(bits0, x0.AsInt32() & mask), Vector512.Max(bits1, x1.AsInt32() & mask));
            }

            Reduce(Vector512.MinNative(min0, min1), Vector512.MaxNative(max0, max1), Vector512.Max(bits0, bits1), ref min, ref max, ref magnitude);
        }
        else if (Vector256.IsHardwareAccelerated && length >= 2 * Vector256<float>.Count)
        {
            const int Step = 16;
            (Vector256<float> min0, Vector256<float> min1) = (Vector256.Create(min), Vector256.Create(min));
            (Vector256<float> max0, Vector256<float> max1) = (Vector256.Create(max), Vector256.Create(max));
            (Vector256<int> bits0, Vector256<int> bits1) = (default, default);
            Vector256<int> mask = Vector256.Create(int.MaxValue);
            for (; i < length; i += Step)
            {
                i = Math.Min(i, length - Step);
                Vector256<float> x0 = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<float> x1 = Vector256.LoadUnsafe(ref first, (nuint)i + 8);
                (min0, min1) = (Vector256.MinNative(min0, x0), Vector256.MinNative(min1, x1));
                (max0, max1) = (Vector256.MaxNative(max0, x0), Vector256.MaxNative(max1, x1));
                (bits0, bits1) = (Vector256.Max(bits0, x0.AsInt32() & mask), Vector256.Max(bits1, x1.AsInt32() & mask));
            }

            Reduce(Vector256.MinNative(min0, min1), Vector256.MaxNative(max0, max1), Vector256.Max(bits0, bits1), ref min, ref max, ref magnitude);
        }
        else if (Vector128.IsHardwareAccelerated && length >= 2 * Vector128<float>.Count)
        {
            const int Step = 8;
            (Vector128<float> min0, Vector128<float> min1) = (Vector128.Create(min), Vector128.Create(min));
            (Vector128<float> max0, Vector128<float> max1) = (Vector128.Create(max), Vector128.Create(max));
            (Vector128<int> bits0, Vector128<int> bits1) = (default, default);
            Vector128<int> mask = Vector128.Create(int.MaxValue);
            for (; i < length; i += Step)
            {
                i = Math.Min(i, length - Step);
                Vector128<float> x0 = Vector128.LoadUnsafe(ref first, (nuint)i);
                Vector128<float> x1 = Vector128.LoadUnsafe(ref first, (nuint)i + 4);
                (min0, min1) = (Vector128.MinNative(min0, x0), Vector128.MinNative(min1, x1));
                (max0, max1) = (Vector128.MaxNative(max0, x0), Vector128.MaxNative(max1, x1));
                (bits0, bits1) = (Vector128.Max(bits0, x0.AsInt32() & mask), Vector128.Max(bits1, x1.AsInt32() & mask));
            }

            Reduce(Vector128.MinNative(min0, min1), Vector128.MaxNative(max0, max1), Vector128.Max(bits0, bits1), ref min, ref max, ref magnitude);
        }

        for (; i < length; i++)
        {
            min = MathF.Min(min, values[i]);
            max = MathF.Max(max, values[i]);
            magnitude = Math.Max(magnitude, BitConverter.SingleToInt32Bits(values[i]) & int.MaxValue);
        }

        // Adding +0 turns -0, which minima of different order may or may not give, into +0.
        range = new ValueRange(min + 0f, max + 0f);
        return magnitude < InfinityBits;
    }

    /// <summary>The range of the finite values, for observers that skip infinities.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static ValueRange OfFinite(ReadOnlySpan<float> values)
    {
        if (TryOf(values, out ValueRange all))
        {
            return all;
        }

        ValueRange range = Empty;
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                throw NotFinite(values);
            }

            range = float.IsFinite(value) ? range.Union(new ValueRange(value, value)) : range;
        }

        return range;
    }

    /// <summary>The exception for values of which one is not finite.</summary>
    public static ArgumentException NotFinite(ReadOnlySpan<float> values)
    {
        int index = 0;
        while (float.IsFinite(values[index]))
        {
            index++;
        }

        // NaN is the graver of the two.
        for (int i = index; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                index = i;
                break;
            }
        }

        return new ArgumentException($"The batch holds {(float.IsNaN(values[index]) ? "NaN" : "infinity")} at element {index}: a range cannot be derived from it. Correct or leave out such a batch.");
    }

    private static void Reduce(Vector512<float> min, Vector512<float> max, Vector512<int> bits, ref float least, ref float greatest, ref int magnitude) =>
        Reduce(
            Vector256.MinNative(min.GetLower(), min.GetUpper()),
            Vector256.MaxNative(max.GetLower(), max.GetUpper()),
            Vector256.Max(bits.GetLower(), bits.GetUpper()),
            ref least,
            ref greatest,
            ref magnitude);

    private static void Reduce(Vector256<float> min, Vector256<float> max, Vector256<int> bits, ref float least, ref float greatest, ref int magnitude) =>
        Reduce(
            Vector128.MinNative(min.GetLower(), min.GetUpper()),
            Vector128.MaxNative(max.GetLower(), max.GetUpper()),
            Vector128.Max(bits.GetLower(), bits.GetUpper()),
            ref least,
            ref greatest,
            ref magnitude);

    private static void Reduce(Vector128<float> min, Vector128<float> max, Vector128<int> bits, ref float least, ref float greatest, ref int magnitude)
    {
        for (int lane = 0; lane < Vector128<float>.Count; lane++)
        {
            least = MathF.Min(least, min[lane]);
            greatest = MathF.Max(greatest, max[lane]);
            magnitude = Math.Max(magnitude, bits[lane]);
        }
    }
}
