using System;
using System.Runtime.CompilerServices;
using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>
/// Input rows as a kernel reads them: outside the image they hold the input zero point, so one interior code path
/// serves borders too. A row that needs nothing (no border, bytes) is read where it is; any other (and all where
/// activations are recentred) is staged once, in a ring that holds the rows of one output row.
/// </summary>
public unsafe ref struct RowWindow
{
    private readonly RowShape _shape;
    private readonly byte* _image;
    private readonly byte* _rows;
    private readonly int* _tags;
    private readonly byte* _outside;
    private readonly nint _rowBytes;
    private readonly int _height;
    private readonly int _width;
    private readonly int _right;
    private readonly int _channelBytes;
    private readonly byte _zeroPoint;
    private readonly bool _signed;
    private readonly int _rowsInPlace;
    private readonly int _ring;

    /// <summary>Opens a window on an image. The window uses this thread's scratch memory until the kernel returns.</summary>
    /// <param name="shape">What the kernel reads.</param>
    /// <param name="image">The image.</param>
    /// <param name="packed">The layer: its zero point, and whether activations are bytes, signed bytes or words.</param>
    public RowWindow(RowShape shape, in KernelImage image, PackedConvolution packed)
    {
        _shape = shape;
        _image = image.Input;
        _height = image.Height;
        _width = image.Width;
        _zeroPoint = packed.StagedZeroPoint;
        _channelBytes = packed.ChannelBytes;
        _signed = packed.HasSignedActivations;
        _right = shape.Right(_width, image.OutputWidth);
        _rowsInPlace = _channelBytes == 1 && !_signed && shape.Left == 0 && _right == 0 ? RowsFollowedBy(shape.Beyond) : 0;

        nint columns = shape.Left + _width + _right;
        nint bytes = columns * shape.PixelStride * _channelBytes;

        // Behind a row lie as many bytes as a cache line has: more than its last step may read beyond it.
        _rowBytes = AlignedMemory.Align(bytes + AlignedMemory.Alignment);
        _ring = Math.Min(shape.Rows, _height);
        int rows = _rowsInPlace == _height ? 0 : _ring;
        nint tagBytes = AlignedMemory.Align((nint)rows * sizeof(int));
        byte* memory = Scratch.Rent((nuint)(tagBytes + (rows + 1) * _rowBytes));
        _tags = (int*)memory;
        _outside = memory + tagBytes;
        _rows = _outside + _rowBytes;
        new Span<int>(_tags, rows).Fill(-1);
        Fill(_outside, columns);
    }

    /// <summary>Address of column 0 of a row. Every column that the shape names can be read on both sides.</summary>
    /// <param name="y">The row; outside the image it reads as the zero point.</param>
    /// <returns>The address; valid until so many other rows were asked for as the shape keeps.</returns>
    public readonly byte* Row(int y)
    {
        nint left = (nint)_shape.Left * _shape.PixelStride * _channelBytes;
        if ((uint)y >= (uint)_height)
        {
            return _outside + left;
        }

        if (y < _rowsInPlace)
        {
            return _image + (nint)y * _width * _shape.PixelStride;
        }

        int slot = y % _ring;
        byte* row = _rows + slot * _rowBytes;
        if (_tags[slot] != y)
        {
            _tags[slot] = y;
            Stage(y, row);
        }

        return row + left;
    }

    // First rows of the image that so many of its bytes follow: in the others a step could read behind the input's end.
    private readonly int RowsFollowedBy(int bytes)
    {
        nint rowBytes = (nint)_width * _shape.PixelStride;
        return (int)Math.Max(0, _height - (bytes + rowBytes - 1) / rowBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Stage(int y, byte* row)
    {
        byte* source = _image + (nint)y * _width * _shape.PixelStride;
        int pixelBytes = _shape.PixelStride * _channelBytes;
        Fill(row, _shape.Left);
        row += (nint)_shape.Left * pixelBytes;
        Widen(source, row, _width * _shape.PixelStride);
        Fill(row + (nint)_width * pixelBytes, _right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Widen(byte* source, byte* target, int count)
    {
        if (_signed)
        {
            Recentering.Copy(source, target, count);
            return;
        }

        if (_channelBytes == 1)
        {
            Buffer.MemoryCopy(source, target, count, count);
            return;
        }

        Widening.ToWords(source, (ushort*)target, count);
    }

    private readonly void Fill(byte* target, nint columns)
    {
        int count = checked((int)(columns * _shape.PixelStride));
        if (_channelBytes == 1)
        {
            new Span<byte>(target, count).Fill(_zeroPoint);
        }
        else
        {
            new Span<ushort>(target, count).Fill(_zeroPoint);
        }
    }
}
