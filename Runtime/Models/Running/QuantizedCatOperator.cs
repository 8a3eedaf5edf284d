using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models.Running;

/// <summary>Concatenation of int8 inputs.</summary>
/// <param name="layer">The layer.</param>
/// <param name="stretches">For a concatenation of channels how each input is upsampled on its way, by copies; null for one that is not, or for all.</param>
internal sealed class QuantizedCatOperator(QuantizedCat layer, UpsampleSpec?[]? stretches = null) : Operator
{
    private const int Channels = 1;

    /// <summary>The layer.</summary>
    public QuantizedCat Layer => layer;

    public override Operator With(Int8Arithmetic arithmetic) => new QuantizedCatOperator(layer.With(arithmetic), stretches);

    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs)
    {
        Span<Shape4> stretched = new Shape4[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            stretched[i] = Stretch(i) is { } spec ? spec.OutputShape(inputs[i]) : inputs[i];
        }

        return layer.OutputShape(stretched);
    }

    public override IReadOnlyList<long>? Places(ReadOnlySpan<Shape4> inputs, Shape4 output) =>
        stretches is null ? CatPlaces.Of(layer.Axis, inputs, output, i => layer.InputQuantizations[i] == layer.OutputQuantization ? sizeof(byte) : 0) : null;

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        Shape4 to = memory.Shape(output);
        if (layer.Axis == Channels && (stretches is not null || to.N * to.H * to.W > 1))
        {
            JoinRows(memory, inputs, output, to);
            return;
        }

        int offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape4 shape = memory.Shape(inputs[i]);
            if (!CatPlaces.IsThere(memory.Read(inputs[i]), layer.Axis, shape, memory.Write(output), to, offset))
            {
                layer.Write(i, memory.Read(inputs[i]), shape, offset, memory.Write(output), to);
            }

            offset += Concatenation.Size(shape, layer.Axis);
        }
    }

    private UpsampleSpec? Stretch(int input) => stretches?[input];

    /// <summary>Row by row of the output, so that its pixels are complete while they are in the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void JoinRows(GraphMemory memory, ReadOnlySpan<int> inputs, int output, Shape4 to)
    {
        // A row of each input in the output's scale, where it has another one.
        int room = 0;
        foreach (int slot in inputs)
        {
            room += memory.Shape(slot).W * memory.Shape(slot).C;
        }

        int size = to.H + to.W;
        byte[] rented = ArrayPool<byte>.Shared.Rent(room);
        int[] rentedMaps = ArrayPool<int>.Shared.Rent(inputs.Length * size);
        for (int i = 0; i < inputs.Length; i++)
        {
            Map(i, memory.Shape(inputs[i]), to, rentedMaps.AsSpan(i * size, size));
        }

        Span<byte> target = memory.Write(output)[..to.Count];
        fixed (int* maps = rentedMaps)
        fixed (byte* pixels = target, changed = rented)
        {
            for (int line = 0; line < to.N * to.H; line++)
            {
                (int image, int y) = Math.DivRem(line, to.H);
                byte* place = pixels + (nint)line * to.W * to.C;
                byte* free = changed;
                for (int i = 0; i < inputs.Length; i++)
                {
                    // Maps name rows and pixels of the input, and a pixel of the output has place for its channels.
                    int* map = maps + (nint)i * size;
                    Shape4 from = memory.Shape(inputs[i]);
                    int length = from.W * from.C;
                    ReadOnlySpan<byte> source = memory.Read(inputs[i]).Slice((image * from.H + map[y]) * length, length);
                    fixed (byte* codes = source)
                    {
                        byte* row = codes;
                        if (layer.Table(i) is { } table)
                        {
                            row = free;
                            if (y == 0 || map[y] != map[y - 1])
                            {
                                table.Apply(source, new Span<byte>(row, length));
                            }
                        }

                        PlaceRow(i, row, map + to.H, place, from.C, to);
                    }

                    place += from.C;
                    free += length;
                }
            }
        }

        ArrayPool<int>.Shared.Return(rentedMaps);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private unsafe void PlaceRow(int input, byte* row, int* columns, byte* place, int channels, Shape4 to)
    {
        if (Stretch(input) is null)
        {
            PixelCopy.Scatter(row, channels, place, to.C, to.W, channels);
        }
        else
        {
            PixelCopy.ScatterNamed(row, columns, place, to.C, to.W, channels);
        }
    }

    /// <summary>The row of an input for each row of the output, and then the column for each column.</summary>
    private void Map(int input, Shape4 from, Shape4 to, Span<int> map)
    {
        SamplingAxis? rows = Stretch(input)?.Rows(from.H, to.H);
        SamplingAxis? columns = Stretch(input)?.Columns(from.W, to.W);
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = i < to.H ? rows?.Nearest(i) ?? i : columns?.Nearest(i - to.H) ?? i - to.H;
        }
    }
}
