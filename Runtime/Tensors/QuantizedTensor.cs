using System;
using Kernels.Quantization;

namespace Kernels;

/// <summary>A quint8 activation tensor with its scale and zero point: shape in NCHW order, memory channels-last.</summary>
public sealed class QuantizedTensor
{
    private readonly byte[] _data;

    /// <summary>Makes a tensor whose every code is 0.</summary>
    /// <param name="shape">Its shape, every dimension at least 1.</param>
    /// <param name="quantization">What the codes stand for.</param>
    public QuantizedTensor(Shape4 shape, QuantizationParameters quantization)
        : this(shape, quantization, new byte[shape.Checked(nameof(shape)).Count])
    {
    }

    /// <summary>Wraps channels-last elements without copying them.</summary>
    /// <param name="shape">The shape, every dimension at least 1.</param>
    /// <param name="quantization">What the codes stand for.</param>
    /// <param name="channelsLast">The elements in order n, h, w, c; as many as the shape has.</param>
    /// <exception cref="ArgumentException">The count does not fit the shape.</exception>
    public QuantizedTensor(Shape4 shape, QuantizationParameters quantization, byte[] channelsLast)
    {
        ArgumentNullException.ThrowIfNull(channelsLast);
        if (channelsLast.Length != shape.Checked(nameof(shape)).Count)
        {
            throw new ArgumentException($"The shape {shape} has {shape.Count} elements, but the array has {channelsLast.Length}.", nameof(channelsLast));
        }

        Shape = shape;
        Quantization = quantization;
        _data = channelsLast;
    }

    /// <summary>Batch, channels, height, width.</summary>
    public Shape4 Shape { get; }

    /// <summary>Scale and zero point of every element.</summary>
    public QuantizationParameters Quantization { get; }

    /// <summary>The elements in order n, h, w, c.</summary>
    public Span<byte> Data => _data;

    /// <summary>One element.</summary>
    /// <param name="n">Image.</param>
    /// <param name="c">Channel.</param>
    /// <param name="h">Row.</param>
    /// <param name="w">Column.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its dimension.</exception>
    public ref byte this[int n, int c, int h, int w] => ref _data[ChannelsLast.Index(Shape, n, c, h, w)];

    /// <summary>Copies elements in PyTorch's contiguous order into a new tensor.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="quantization">What the codes stand for.</param>
    /// <param name="nchw">The elements in order n, c, h, w.</param>
    /// <returns>The tensor.</returns>
    public static QuantizedTensor FromNchw(Shape4 shape, QuantizationParameters quantization, ReadOnlySpan<byte> nchw)
    {
        var tensor = new QuantizedTensor(shape, quantization);
        if (nchw.Length != tensor._data.Length)
        {
            throw new ArgumentException($"The shape {shape} has {shape.Count} elements, but the span has {nchw.Length}.", nameof(nchw));
        }

        ChannelsLast.FromNchw(shape, nchw, tensor.Data);
        return tensor;
    }

    /// <summary>The elements in PyTorch's contiguous order.</summary>
    /// <returns>A new array in order n, c, h, w.</returns>
    public byte[] ToNchw()
    {
        var nchw = new byte[_data.Length];
        ChannelsLast.ToNchw<byte>(Shape, _data, nchw);
        return nchw;
    }

    /// <summary>What a debugger shows of it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Shape}, {Quantization}";
}
