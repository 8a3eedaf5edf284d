using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Models.Rounding;

/// <summary>
/// What the outputs of one phase and one group of channels read: a vector of input values, one for each weight of an output channel that reaches
/// the phase. A convolution has one phase; of a transposed one, each phase reads weights of its own.
/// </summary>
internal sealed class PatchReader
{
    private readonly ConvolutionSpec _spec;
    private readonly AxisGeometry _rows;
    private readonly AxisGeometry _columns;
    private readonly AxisPhase _row;
    private readonly AxisPhase _column;
    private readonly int _group;

    private PatchReader(ConvolutionSpec spec, AxisGeometry rows, AxisGeometry columns, AxisPhase row, AxisPhase column, int group)
    {
        _spec = spec;
        _rows = rows;
        _columns = columns;
        _row = row;
        _column = column;
        _group = group;
    }

    /// <summary>Values of a patch.</summary>
    public int Length => _row.Taps.Count * _column.Taps.Count * Channels;

    /// <summary>The first output channel of the group.</summary>
    public int FirstOutput => _group * Outputs;

    /// <summary>Output channels of the group.</summary>
    public int Outputs => _spec.OutChannels / _spec.Groups;

    private int Channels => _spec.InChannels / _spec.Groups;

    /// <summary>The readers of a layer; together they have each weight once.</summary>
    /// <param name="spec">The layer.</param>
    public static IReadOnlyList<PatchReader> Of(ConvolutionSpec spec)
    {
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        AxisGeometry rows = AxisGeometry.Of(isTransposed, spec.Vertical);
        AxisGeometry columns = AxisGeometry.Of(isTransposed, spec.Horizontal);
        var readers = new List<PatchReader>();
        foreach (AxisPhase row in rows.Phases)
        {
            foreach (AxisPhase column in columns.Phases)
            {
                for (int group = 0; group < spec.Groups && row.Taps.Count * column.Taps.Count > 0; group++)
                {
                    readers.Add(new PatchReader(spec, rows, columns, row, column, group));
                }
            }
        }

        return readers;
    }

    /// <summary>Places of an output channel's weights in PyTorch's order, as patches have them.</summary>
    /// <param name="output">The output channel, counted across groups.</param>
    /// <param name="places">Receives them.</param>
    public void Places(int output, Span<int> places)
    {
        int at = 0;
        foreach (AxisTap row in _row.Taps)
        {
            foreach (AxisTap column in _column.Taps)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    places[at++] = _spec.WeightIndex(output, channel, row.Kernel, column.Kernel);
                }
            }
        }
    }

    /// <summary>Output pixels of the phase in an image.</summary>
    /// <param name="output">Shape of the output.</param>
    public int Pixels(Shape4 output) => _rows.CountOf(_row.Index, output.H) * _columns.CountOf(_column.Index, output.W);

    /// <summary>Copies what an output pixel reads; 0 outside the image.</summary>
    /// <param name="image">Values of an image in order h, w, c.</param>
    /// <param name="input">Its shape.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="pixel">The pixel's number within its phase.</param>
    /// <param name="patch">Receives the values.</param>
    public void Read(ReadOnlySpan<float> image, Shape4 input, Shape4 output, int pixel, Span<float> patch)
    {
        (int y, int x) = Math.DivRem(pixel, _columns.CountOf(_column.Index, output.W));
        foreach (AxisTap row in _row.Taps)
        {
            long top = (long)y * _rows.InputStride + row.Offset;
            foreach (AxisTap column in _column.Taps)
            {
                long left = (long)x * _columns.InputStride + column.Offset;
                Span<float> target = patch[..Channels];
                patch = patch[Channels..];
                if (top < 0 || top >= input.H || left < 0 || left >= input.W)
                {
                    target.Clear();
                }
                else
                {
                    image.Slice((int)(top * input.W + left) * input.C + _group * Channels, Channels).CopyTo(target);
                }
            }
        }
    }
}
