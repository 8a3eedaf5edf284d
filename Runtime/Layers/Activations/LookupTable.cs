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

    /// <summary>Looks every code up. The output is at least as long as the input and does not overlap it.</summary>
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

    // Two permutations of 128 entries each, chosen by the code's top bit. The last vector steps back to end with the span.
    private void ApplyVbmi(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ReadOnlySpan<byte> table = _table;
        var t0 = Vector512.Create(table);
        var t1 = Vector512.Create(table[64..]);
        var t2 = Vector512.Create(table[128..]);
        var t3 = Vector512.Create(table[192..]);
        ref byte from = ref MemoryMarshal.GetReference(input);
        ref byte to = ref MemoryMarshal.GetReference(output);
        for (int i = 0; i < input.Length; i += Vector512<byte>.Count)
        {
            i = Math.Min(i, input.Length - Vector512<byte>.Count);
            var codes = Vector512.LoadUnsafe(ref from, (nuint)i);
            Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, codes, t1);
            Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(t2, codes, t3);
            Vector512<byte> isHigh = Vector512.LessThan(codes.AsSByte(), Vector512<sbyte>.Zero).AsByte();
            Vector512.ConditionalSelect(isHigh, high, low).StoreUnsafe(ref to, (nuint)i);
        }
    }
}
