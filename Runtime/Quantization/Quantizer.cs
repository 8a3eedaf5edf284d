using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kernels.Quantization;

/// <summary>
/// Float32 to 8-bit codes and back, as PyTorch's <c>quantize_per_tensor</c> and <c>dequantize</c>:
/// <c>code = clamp(round_half_even(x * (1 / scale)) + zero_point, min, max)</c>, <c>x = (code - zero_point) * scale</c>.
/// On request the product with the inverse is ONNX's division, see <see cref="Int8Arithmetic"/>.
/// Unlike PyTorch, which wraps them around, infinities and large values saturate; NaN becomes the zero point.
/// Every vector width gives the same bytes.
/// </summary>
public static class Quantizer
{
    /// <summary>Quantizes to quint8.</summary>
    /// <param name="source">Real values.</param>
    /// <param name="parameters">Scale, and a zero point of 0 to 255.</param>
    /// <param name="destination">Receives a code for each value; at least as long.</param>
    /// <param name="arithmetic">Whose rounding.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The zero point is not a quint8 code, or the scale is not positive.</exception>
    public static void Quantize(ReadOnlySpan<float> source, QuantizationParameters parameters, Span<byte> destination, Int8Arithmetic arithmetic = Int8Arithmetic.PyTorch)
    {
        CheckLengths(source.Length, destination.Length);
        Check(parameters, QuantizedDtype.Quint8);
        if (arithmetic == Int8Arithmetic.OnnxRuntime)
        {
            QuantizeCore<DividingScaling>(source, parameters, byte.MinValue, byte.MaxValue, destination);
        }
        else
        {
            QuantizeCore<InverseScaling>(source, parameters, byte.MinValue, byte.MaxValue, destination);
        }
    }

    /// <summary>Quantizes to qint8.</summary>
    /// <param name="source">Real values.</param>
    /// <param name="parameters">Scale, and a zero point of -128 to 127.</param>
    /// <param name="destination">Receives a code for each value; at least as long.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The zero point is not a qint8 code, or the scale is not positive.</exception>
    public static void Quantize(ReadOnlySpan<float> source, QuantizationParameters parameters, Span<sbyte> destination)
    {
        CheckLengths(source.Length, destination.Length);
        Check(parameters, QuantizedDtype.Qint8);
        QuantizeCore<InverseScaling>(source, parameters, sbyte.MinValue, sbyte.MaxValue, MemoryMarshal.AsBytes(destination));
    }

    /// <summary>Quantizes a tensor to quint8.</summary>
    /// <param name="tensor">Real values.</param>
    /// <param name="parameters">Scale, and a zero point of 0 to 255.</param>
    /// <param name="arithmetic">Whose rounding.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The zero point is not a quint8 code, or the scale is not positive.</exception>
    public static QuantizedTensor Quantize(FloatTensor tensor, QuantizationParameters parameters, Int8Arithmetic arithmetic = Int8Arithmetic.PyTorch)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var quantized = new QuantizedTensor(tensor.Shape, parameters);
        Quantize(tensor.Data, parameters, quantized.Data, arithmetic);
        return quantized;
    }

    /// <summary>Restores real values of quint8 codes.</summary>
    /// <param name="source">Codes.</param>
    /// <param name="parameters">What they stand for.</param>
    /// <param name="destination">Receives a value for each code; at least as long.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static void Dequantize(ReadOnlySpan<byte> source, QuantizationParameters parameters, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        int i = 0;
        if (Vector128.IsHardwareAccelerated && source.Length >= Vector128<byte>.Count)
        {
            ref byte first = ref MemoryMarshal.GetReference(source);
            // The last vector may overlap the one before it: the values are the same.
            for (; i < source.Length; i += Vector128<byte>.Count)
            {
                i = Math.Min(i, source.Length - Vector128<byte>.Count);
                (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(Vector128.LoadUnsafe(ref first, (nuint)i));
                DequantizeCore(lower.AsInt16(), upper.AsInt16(), parameters, destination.Slice(i, Vector128<byte>.Count));
            }

            return;
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (source[i] - parameters.ZeroPoint) * parameters.Scale;
        }
    }

    /// <summary>Restores real values of qint8 codes.</summary>
    /// <param name="source">Codes.</param>
    /// <param name="parameters">What they stand for.</param>
    /// <param name="destination">Receives a value for each code; at least as long.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static void Dequantize(ReadOnlySpan<sbyte> source, QuantizationParameters parameters, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        int i = 0;
        if (Vector128.IsHardwareAccelerated && source.Length >= Vector128<sbyte>.Count)
        {
            ref sbyte first = ref MemoryMarshal.GetReference(source);
            for (; i < source.Length; i += Vector128<sbyte>.Count)
            {
                i = Math.Min(i, source.Length - Vector128<sbyte>.Count);
                (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(Vector128.LoadUnsafe(ref first, (nuint)i));
                DequantizeCore(lower, upper, parameters, destination.Slice(i, Vector128<sbyte>.Count));
            }

            return;
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (source[i] - parameters.ZeroPoint) * parameters.Scale;
        }
    }

    /// <summary>Restores the real values of a tensor.</summary>
    /// <param name="tensor">Codes with their scale and zero point.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public static FloatTensor Dequantize(QuantizedTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var real = new FloatTensor(tensor.Shape);
        Dequantize(tensor.Data, tensor.Quantization, real.Data);
        return real;
    }

    /// <summary>Throws unless the parameters are complete and the zero point is a code of the type.</summary>
    internal static void Check(QuantizationParameters parameters, QuantizedDtype dtype)
    {
        (int min, int max) = dtype == QuantizedDtype.Quint8 ? (0, 255) : (-128, 127);
        if (parameters.ZeroPoint < min || parameters.ZeroPoint > max)
        {
            throw new ArgumentOutOfRangeException(nameof(parameters), parameters, $"A zero point of {(dtype == QuantizedDtype.Quint8 ? "quint8" : "qint8")} must be {min} to {max}.");
        }

        if (!(parameters.Scale > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(parameters), parameters, "The scale is 0: these parameters were never set.");
        }
    }

    /// <summary>One code, the reference for every vector path.</summary>
    internal static int QuantizeScalar(float value, float inverseScale, int zeroPoint, int min, int max) => CodeOf(value * inverseScale, zeroPoint, min, max);

    private static int CodeOf(float steps, int zeroPoint, int min, int max)
    {
        float rounded = MathF.Round(steps);
        // Clamped while still a float: the bounds are small integers, so infinities saturate and the conversion is exact.
        return float.IsNaN(rounded) ? Math.Clamp(zeroPoint, min, max) : zeroPoint + (int)Math.Clamp(rounded, min - zeroPoint, max - zeroPoint);
    }

    // Writes the low byte of each code, which is the code itself for both types.
    private static void QuantizeCore<TScaling>(ReadOnlySpan<float> source, QuantizationParameters parameters, int min, int max, Span<byte> destination)
        where TScaling : struct, IStepScaling
    {
        float factor = TScaling.Factor(parameters.Scale);
        int zeroPoint = parameters.ZeroPoint;
        int length = source.Length;
        ref float from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        // CheckLengths has shown that both spans hold `length` elements. Each loop stays inside by stepping back to the
        // last whole vector, which writes the same codes again.
        if (Vector512.IsHardwareAccelerated && length >= Vector512<byte>.Count)
        {
            var coder = new Coder512<TScaling>(factor, zeroPoint, min, max);
            for (int i = 0; i < length; i += Vector512<byte>.Count)
            {
                i = Math.Min(i, length - Vector512<byte>.Count);
                Vector512<short> lower = Vector512.Narrow(coder.Code(ref from, i), coder.Code(ref from, i + 16));
                Vector512<short> upper = Vector512.Narrow(coder.Code(ref from, i + 32), coder.Code(ref from, i + 48));
                Vector512.Narrow(lower, upper).AsByte().StoreUnsafe(ref to, (nuint)i);
            }
        }
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<byte>.Count)
        {
            var coder = new Coder256<TScaling>(factor, zeroPoint, min, max);
            for (int i = 0; i < length; i += Vector256<byte>.Count)
            {
                i = Math.Min(i, length - Vector256<byte>.Count);
                Vector256<short> lower = Vector256.Narrow(coder.Code(ref from, i), coder.Code(ref from, i + 8));
                Vector256<short> upper = Vector256.Narrow(coder.Code(ref from, i + 16), coder.Code(ref from, i + 24));
                Vector256.Narrow(lower, upper).AsByte().StoreUnsafe(ref to, (nuint)i);
            }
        }
        else if (Vector128.IsHardwareAccelerated && length >= Vector128<byte>.Count)
        {
            var coder = new Coder128<TScaling>(factor, zeroPoint, min, max);
            for (int i = 0; i < length; i += Vector128<byte>.Count)
            {
                i = Math.Min(i, length - Vector128<byte>.Count);
                Vector128<short> lower = Vector128.Narrow(coder.Code(ref from, i), coder.Code(ref from, i + 4));
                Vector128<short> upper = Vector128.Narrow(coder.Code(ref from, i + 8), coder.Code(ref from, i + 12));
                Vector128.Narrow(lower, upper).AsByte().StoreUnsafe(ref to, (nuint)i);
            }
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                destination[i] = (byte)CodeOf(TScaling.Steps(source[i], factor), zeroPoint, min, max);
            }
        }
    }

    private static void DequantizeCore(Vector128<short> lower, Vector128<short> upper, QuantizationParameters parameters, Span<float> destination)
    {
        Vector128<short> zeroPoint = Vector128.Create((short)parameters.ZeroPoint);
        Store(lower - zeroPoint, parameters.Scale, destination);
        Store(upper - zeroPoint, parameters.Scale, destination[8..]);

        static void Store(Vector128<short> differences, float scale, Span<float> destination)
        {
            (Vector128<int> lower, Vector128<int> upper) = Vector128.Widen(differences);
            (Vector128.ConvertToSingle(lower) * scale).CopyTo(destination);
            (Vector128.ConvertToSingle(upper) * scale).CopyTo(destination[4..]);
        }
    }

    private static void CheckLengths(int source, int destination)
    {
        if (destination < source)
        {
            throw new ArgumentException($"The destination has {destination} elements, but the source has {source}.", nameof(destination));
        }
    }

    private readonly struct Coder512<TScaling>(float factor, int zeroPoint, int min, int max)
        where TScaling : struct, IStepScaling
    {
        private readonly Vector512<float> _factor = Vector512.Create(factor);
        private readonly Vector512<float> _min = Vector512.Create((float)(min - zeroPoint));
        private readonly Vector512<float> _max = Vector512.Create((float)(max - zeroPoint));
        private readonly Vector512<int> _zeroPoint = Vector512.Create(zeroPoint);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<int> Code(ref float source, int index)
        {
            Vector512<float> rounded = Vector512.Round(TScaling.Steps(Vector512.LoadUnsafe(ref source, (nuint)index), _factor));
            // A comparison with itself is all zeros for NaN alone, and a mask of all ones keeps the bits.
            rounded = (rounded.AsInt32() & Vector512.Equals(rounded, rounded).AsInt32()).AsSingle();
            return Vector512.ConvertToInt32Native(Vector512.ClampNative(rounded, _min, _max)) + _zeroPoint;
        }
    }

    private readonly struct Coder256<TScaling>(float factor, int zeroPoint, int min, int max)
        where TScaling : struct, IStepScaling
    {
        private readonly Vector256<float> _factor = Vector256.Create(factor);
        private readonly Vector256<float> _min = Vector256.Create((float)(min - zeroPoint));
        private readonly Vector256<float> _max = Vector256.Create((float)(max - zeroPoint));
        private readonly Vector256<int> _zeroPoint = Vector256.Create(zeroPoint);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<int> Code(ref float source, int index)
        {
            Vector256<float> rounded = Vector256.Round(TScaling.Steps(Vector256.LoadUnsafe(ref source, (nuint)index), _factor));
            rounded = (rounded.AsInt32() & Vector256.Equals(rounded, rounded).AsInt32()).AsSingle();
            return Vector256.ConvertToInt32Native(Vector256.ClampNative(rounded, _min, _max)) + _zeroPoint;
        }
    }

    private readonly struct Coder128<TScaling>(float factor, int zeroPoint, int min, int max)
        where TScaling : struct, IStepScaling
    {
        private readonly Vector128<float> _factor = Vector128.Create(factor);
        private readonly Vector128<float> _min = Vector128.Create((float)(min - zeroPoint));
        private readonly Vector128<float> _max = Vector128.Create((float)(max - zeroPoint));
        private readonly Vector128<int> _zeroPoint = Vector128.Create(zeroPoint);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<int> Code(ref float source, int index)
        {
            Vector128<float> rounded = Vector128.Round(TScaling.Steps(Vector128.LoadUnsafe(ref source, (nuint)index), _factor));
            rounded = (rounded.AsInt32() & Vector128.Equals(rounded, rounded).AsInt32()).AsSingle();
            return Vector128.ConvertToInt32Native(Vector128.ClampNative(rounded, _min, _max)) + _zeroPoint;
        }
    }
}
