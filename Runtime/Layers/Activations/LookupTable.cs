using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>A function of one quint8 code as 256 results: exact for every elementwise function, whatever it costs to compute.</summary>
internal sealed class LookupTable
{
    private readonly byte[] _table = new byte[256];

    /// <summary>Tabulates dequantize, function, quantize.</summary>
    public LookupTable(QuantizationParameters input, QuantizationParameters output, Func<float, float> function)
    {
        Span<byte> codes = stackalloc byte[256];
        Span<float> values = stackalloc float[256];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = (byte)code;
        }

        Quantizer.Dequantize(codes, input, values);
        foreach (ref float value in values)
        {
            value = function(value);
        }

        Quantizer.Quantize(values, output, _table);
    }

    /// <summary>Takes the result for each code.</summary>
    /// <param name="table">256 codes.</param>
    public LookupTable(ReadOnlySpan<byte> table) => table.CopyTo(_table);

    /// <summary>Looks every code up. The output is at least as long as the input; it may be the same memory, or must not overlap it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (Avx512Vbmi.IsSupported && input.Length >= Vector512<byte>.Count)
        {
            ApplyVbmi(input, output[..input.Length]);
            return;
        }

        ReadOnlySpan<byte> table = _table;
        ref byte first = ref MemoryMarshal.GetReference(table);
        output = output[..input.Length];
        for (int i = 0; i < input.Length; i++)
        {
            // A byte cannot leave a table of 256.
            output[i] = Unsafe.Add(ref first, input[i]);
        }
    }

    // Two permutations of 128 entries each, chosen by the code's top bit. The last vector steps back to end with the span; its codes are
    // read first, since the others may be written over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyVbmi(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ReadOnlySpan<byte> table = _table;
        var t0 = Vector512.Create(table);
        var t1 = Vector512.Create(table[64..]);
        var t2 = Vector512.Create(table[128..]);
        var t3 = Vector512.Create(table[192..]);
        ref byte from = ref MemoryMarshal.GetReference(input);
        ref byte to = ref MemoryMarshal.GetReference(output);
        nuint end = (nuint)(input.Length - Vector512<byte>.Count);
        var last = Vector512.LoadUnsafe(ref from, end);
        for (nuint i = 0; i < end; i += (nuint)Vector512<byte>.Count)
        {
            LookUp(Vector512.LoadUnsafe(ref from, i), t0, t1, t2, t3).StoreUnsafe(ref to, i);
        }

        LookUp(last, t0, t1, t2, t3).StoreUnsafe(ref to, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LookUp(Vector512<byte> codes, Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2, Vector512<byte> t3)
    {
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, codes, t1);
        Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(t2, codes, t3);
        Vector512<byte> isHigh = Vector512.LessThan(codes.AsSByte(), Vector512<sbyte>.Zero).AsByte();
        return Vector512.ConditionalSelect(isHigh, high, low);
    }
}
