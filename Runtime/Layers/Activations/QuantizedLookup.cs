using System;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Base of the int8 layers that apply one function to every element: 256 results computed once as
/// <c>quantize(function(dequantize(code)))</c> in float32.
/// </summary>
public abstract class QuantizedLookup : QuantizedLayer
{
    private readonly Func<float, float> _function;
    private LookupTable _table;

    private protected QuantizedLookup(QuantizationParameters input, QuantizationParameters output, Func<float, float> function)
        : base(input, output)
    {
        _function = function;
        _table = new LookupTable(input, output, function);
    }

    /// <summary>The same function in another arithmetic.</summary>
    internal QuantizedLookup With(Int8Arithmetic arithmetic)
    {
        var copy = (QuantizedLookup)MemberwiseClone();
        copy._table = new LookupTable(InputQuantization, OutputQuantization, _function, arithmetic);
        return copy;
    }

    private protected sealed override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to) => _table.Apply(input, output);
}
