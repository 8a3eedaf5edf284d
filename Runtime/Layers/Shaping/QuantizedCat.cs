using System;
using System.Collections.Generic;
using Kernels.Execution;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Concatenation of int8 inputs with scales of their own: PyTorch's <c>quantized.cat</c>. Inputs quantized as the output are copied,
/// others dequantized and quantized, which a table of 256 does exactly.
/// </summary>
public sealed class QuantizedCat
{
    // Shorter runs are looked up and copied many at a time, in blocks that stay in the first cache.
    private const int SmallRun = 512;
    private const int Block = 4096;

    private readonly QuantizationParameters[] _inputs;
    private readonly LookupTable?[] _tables;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <param name="inputs">Scale and zero point of each input, at least one.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <exception cref="ArgumentException">No input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The axis does not exist, or parameters are not quint8's.</exception>
    public QuantizedCat(int axis, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output)
        : this(axis, inputs, output, Int8Arithmetic.PyTorch)
    {
    }

    private QuantizedCat(int axis, ReadOnlySpan<QuantizationParameters> inputs, QuantizationParameters output, Int8Arithmetic arithmetic)
    {
        Axis = Concatenation.Axis(axis);
        if (inputs.IsEmpty)
        {
            throw new ArgumentException("There is nothing to concatenate: give at least one input.", nameof(inputs));
        }

        Quantizer.Check(output, QuantizedDtype.Quint8);
        OutputQuantization = output;
        _inputs = inputs.ToArray();
        var tables = new Dictionary<QuantizationParameters, LookupTable?> { [output] = null };
        _tables = Array.ConvertAll(_inputs, input =>
        {
            Quantizer.Check(input, QuantizedDtype.Quint8);
            return tables.TryGetValue(input, out LookupTable? table) ? table : tables[input] = new LookupTable(input, output, static x => x, arithmetic);
        });
    }

    /// <summary>Axis of concatenation, in NCHW order.</summary>
    public int Axis { get; }

    /// <summary>Scale and zero point that each input must have.</summary>
    public ReadOnlySpan<QuantizationParameters> InputQuantizations => _inputs;

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>What changes the codes of an input to the output's scale; null where they are copied.</summary>
    internal LookupTable? Table(int index) => _tables[index];

    /// <summary>The same layer in another arithmetic.</summary>
    internal QuantizedCat With(Int8Arithmetic arithmetic) => new(Axis, _inputs, OutputQuantization, arithmetic);

    /// <summary>Shape of the output.</summary>
    /// <param name="inputs">Shapes of the inputs, equal but along the axis.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="ArgumentException">Not as many shapes as inputs, or they differ in another axis.</exception>
    public Shape4 OutputShape(ReadOnlySpan<Shape4> inputs)
    {
        CheckCount(inputs.Length);
        return Concatenation.OutputShape(Axis, inputs);
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="inputs">As many tensors as the layer has inputs.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Number, shapes or quantization do not fit.</exception>
    public QuantizedTensor Forward(params ReadOnlySpan<QuantizedTensor> inputs)
    {
        CheckCount(inputs.Length);
        var shapes = new Shape4[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            shapes[i] = inputs[i].Shape;
            if (inputs[i].Quantization != _inputs[i])
            {
                throw new ArgumentException($"Input {i} must be quantized as {_inputs[i]}, but is {inputs[i].Quantization}. Requantize it first.", nameof(inputs));
            }
        }

        var output = new QuantizedTensor(OutputShape(shapes), OutputQuantization);
        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Write(i, inputs[i].Data, shapes[i], offset, output.Data, output.Shape);
            offset += Concatenation.Size(shapes[i], Axis);
        }

        return output;
    }

    /// <summary>Writes one input to its place in the output; once for each input makes the whole, without allocation.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="input">Its codes in order n, h, w, c.</param>
    /// <param name="inputShape">Its shape.</param>
    /// <param name="offset">Sizes of the inputs before it along the axis, added up.</param>
    /// <param name="output">The whole output. Must not overlap the input.</param>
    /// <param name="outputShape">Shape of the whole output.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the input does not lie inside the output.</exception>
    public void Write(int index, ReadOnlySpan<byte> input, Shape4 inputShape, int offset, Span<byte> output, Shape4 outputShape)
    {
        LookupTable? table = _tables[index];
        RunArguments.Check(inputShape.Checked(nameof(inputShape)), input, outputShape.Checked(nameof(outputShape)), output);
        var place = Concatenation.Of(Axis, inputShape, outputShape, offset);
        if (place.Run < SmallRun && place.Outer > 1)
        {
            WriteSmall(input, table, place, output);
            return;
        }

        for (int i = 0; i < place.Outer; i++)
        {
            ReadOnlySpan<byte> from = input.Slice(i * place.Run, place.Run);
            Span<byte> to = output.Slice(i * place.Stride + place.Start, place.Run);
            if (table is null)
            {
                from.CopyTo(to);
            }
            else
            {
                table.Apply(from, to);
            }
        }
    }

    /// <summary>Runs of a few codes, as channels are: many are looked up together and then put at their places.</summary>
    private static unsafe void WriteSmall(ReadOnlySpan<byte> input, LookupTable? table, Concatenation place, Span<byte> output)
    {
        Span<byte> looked = stackalloc byte[table is null ? 0 : Block];
        int runs = Block / place.Run;
        fixed (byte* source = input, target = output, block = looked)
        {
            for (int i = 0; i < place.Outer; i += runs)
            {
                int count = Math.Min(runs, place.Outer - i);
                byte* from = source + (nint)i * place.Run;
                if (table is not null)
                {
                    table.Apply(input.Slice(i * place.Run, count * place.Run), looked);
                    from = block;
                }

                PixelCopy.Scatter(from, place.Run, target + (nint)i * place.Stride + place.Start, place.Stride, count, place.Run);
            }
        }
    }

    private void CheckCount(int count)
    {
        if (count != _inputs.Length)
        {
            throw new ArgumentException($"The layer joins {_inputs.Length} inputs, but got {count}.", "inputs");
        }
    }
}
