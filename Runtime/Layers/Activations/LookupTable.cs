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

    // For shuffles of 16 entries: each one's exclusive or with that of 16 codes before, in either half.
    private readonly byte[] _differences = new byte[256];

    /// <summary>Tabulates dequantize, function, quantize.</summary>
    public LookupTable(QuantizationParameters input, QuantizationParameters output, Func<float, float> function, Int8Arithmetic arithmetic = Int8Arithmetic.PyTorch)
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

        Quantizer.Quantize(values, output, _table, arithmetic);
        FindDifferences();
    }

    /// <summary>Takes the result for each code.</summary>
    /// <param name="table">256 codes.</param>
    public LookupTable(ReadOnlySpan<byte> table)
    {
        table.CopyTo(_table);
        FindDifferences();
    }

    /// <summary>Looks every code up. The output is at least as long as the input; it may be the same memory, or must not overlap it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (Avx512Vbmi.IsSupported && input.Length >= Vector512<byte>.Count)
        {
            ApplyVbmi(input, output[..input.Length]);
            return;
        }

        if (Avx2.IsSupported && input.Length >= Vector256<byte>.Count)
        {
            ApplyAvx2(input, output[..input.Length]);
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

    private void FindDifferences()
    {
        for (int code = 0; code < _table.Length; code++)
        {
            _differences[code] = (byte)(_table[code] ^ (code % 128 < 16 ? 0 : _table[code - 16]));
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

    // Shuffles look up 16 entries by the lower four bits, and give 0 where the top bit is set. Each code passes 8 of them: 16 less every time, saturated, so
    // that its top bit is set once it lies before the entries. What it passed before it adds up to its entry, since tables hold differences (exclusive or).
    // Codes of 128 and more do so in the other half.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyAvx2(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ref byte differences = ref MemoryMarshal.GetReference(_differences.AsSpan());
        ref byte from = ref MemoryMarshal.GetReference(input);
        ref byte to = ref MemoryMarshal.GetReference(output);
        var sixteen = Vector256.Create((sbyte)16);
        var top = Vector256.Create((sbyte)-128);
        nuint end = (nuint)(input.Length - Vector256<byte>.Count);
        var last = Vector256.LoadUnsafe(ref from, end);
        for (nuint i = 0; ; i = Math.Min(i + (nuint)Vector256<byte>.Count, end))
        {
            Vector256<sbyte> low = (i == end ? last : Vector256.LoadUnsafe(ref from, i)).AsSByte();
            Vector256<sbyte> high = low ^ top;
            Vector256<byte> result = Vector256<byte>.Zero;
            for (int part = 0; part < 8; part++)
            {
                var lowTable = Vector256.Create(Vector128.LoadUnsafe(ref differences, (nuint)(16 * part)));
                var highTable = Vector256.Create(Vector128.LoadUnsafe(ref differences, (nuint)(128 + 16 * part)));
                result ^= Avx2.Shuffle(lowTable, low.AsByte()) ^ Avx2.Shuffle(highTable, high.AsByte());
                low = Avx2.SubtractSaturate(low, sixteen);
                high = Avx2.SubtractSaturate(high, sixteen);
            }

            result.StoreUnsafe(ref to, i);
            if (i == end)
            {
                return;
            }
        }
    }
}
