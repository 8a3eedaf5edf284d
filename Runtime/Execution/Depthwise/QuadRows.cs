using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>
/// Input rows for depthwise kernels: for every pixel and channel the 4 codes of a quad of taps, so that one dot step
/// covers 16 channels x 4 taps. A quad is staged once and serves every phase and tap that starts at its pixel.
/// </summary>
public unsafe ref struct QuadRows
{
    // Tiles read a whole vector from the last channel block on.
    private const int Slack = 64;

    private readonly RowShape _shape;
    private readonly QuadShape _quad;
    private readonly byte* _rows;
    private readonly int* _tags;
    private readonly byte** _sources;
    private readonly nint _rowBytes;
    private readonly int _columns;
    private readonly int _channelBytes;
    private readonly byte* _image;
    private readonly byte* _staged;
    private readonly int* _stagedTags;
    private readonly nint _stagedBytes;
    private readonly byte* _outside;
    private readonly int _height;
    private readonly int _width;
    private readonly byte _zeroPoint;
    private readonly bool _signed;

    /// <summary>Opens a window on an image. It uses this thread's scratch memory until the kernel returns.</summary>
    /// <param name="shape">What the kernel reads; every column that any quad touches.</param>
    /// <param name="quad">The quads.</param>
    /// <param name="image">The image.</param>
    /// <param name="packed">The layer: its zero point, and whether activations are bytes, signed bytes or words. A quad of words is two pairs, in planes of their own.</param>
    public QuadRows(RowShape shape, QuadShape quad, in KernelImage image, PackedConvolution packed)
    {
        _shape = shape;
        _quad = quad;
        _image = image.Input;
        _height = image.Height;
        _width = image.Width;
        _zeroPoint = packed.StagedZeroPoint;
        _channelBytes = packed.ChannelBytes;
        _signed = packed.HasSignedActivations;
        _columns = shape.Left + _width + shape.Right(_width, image.OutputWidth);
        int channels = shape.Groups;
        Plane = AlignedMemory.Align((nint)_columns * channels * 4 + Slack);
        _rowBytes = Plane * _channelBytes;

        // A staged row ends in columns that only the last quads touch, and in what a vector reads beyond them.
        _stagedBytes = AlignedMemory.Align((nint)(_columns + quad.Columns * quad.ColumnStep) * channels + Slack);
        StagedRows = quad.Rows * quad.RowStep + 1;
        nint tagBytes = AlignedMemory.Align((shape.Rows + StagedRows) * sizeof(int) + 4 * sizeof(byte*));
        byte* memory = Scratch.Rent((nuint)(tagBytes + (shape.Rows * _rowBytes) + ((StagedRows + 1) * _stagedBytes)));
        _sources = (byte**)memory;
        _tags = (int*)(memory + 4 * sizeof(byte*));
        _stagedTags = _tags + shape.Rows;
        _rows = memory + tagBytes;
        _outside = _rows + shape.Rows * _rowBytes;
        _staged = _outside + _stagedBytes;
        new Span<int>(_tags, shape.Rows + StagedRows).Fill(int.MinValue);
        new Span<byte>(_outside, checked((int)((StagedRows + 1) * _stagedBytes))).Fill(_zeroPoint);
    }

    /// <summary>Bytes from the first pairs to the second ones, when quads are words.</summary>
    public nint Plane { get; }

    private int StagedRows { get; }

    /// <summary>Address of the quads that start at column 0 of a row.</summary>
    /// <param name="y">The row of the quads' first taps.</param>
    /// <returns>The address; valid until so many other rows were asked for as the shape keeps.</returns>
    public readonly byte* Row(int y)
    {
        int slot = (int)((uint)(y + (1 << 30)) % (uint)_shape.Rows);
        byte* row = _rows + slot * _rowBytes;
        if (_tags[slot] != y)
        {
            _tags[slot] = y;
            for (int i = 0; i < 4; i++)
            {
                _sources[i] = Source(y + i / _quad.Columns * _quad.RowStep) + (nint)(i % _quad.Columns) * _quad.ColumnStep * _shape.Groups;
            }

            Stage(row, (nint)_columns * _shape.Groups);
        }

        return row + (nint)_shape.Left * _shape.Groups * 4;
    }

    // A row of the image between border columns; both keep the zero point from the start.
    private readonly byte* Source(int y)
    {
        if ((uint)y >= (uint)_height)
        {
            return _outside;
        }

        int slot = y % StagedRows;
        byte* row = _staged + slot * _stagedBytes;
        if (_stagedTags[slot] != y)
        {
            _stagedTags[slot] = y;
            nint bytes = (nint)_width * _shape.Groups;
            byte* inner = row + (nint)_shape.Left * _shape.Groups;
            if (_signed)
            {
                Recentering.Copy(_image + y * bytes, inner, bytes);
            }
            else
            {
                Buffer.MemoryCopy(_image + y * bytes, inner, bytes, bytes);
            }
        }

        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Stage(byte* row, nint count)
    {
        byte* a = _sources[0], b = _sources[1], c = _sources[2], d = _sources[3];
        nint i = 0;
        if (Unpack.IsSupported)
        {
            // The last vector reads and writes into slack.
            for (; i < count; i += 16)
            {
                Vector128<byte> va = Vector128.Load(a + i), vb = Vector128.Load(b + i), vc = Vector128.Load(c + i), vd = Vector128.Load(d + i);
                if (_channelBytes == 1)
                {
                    Vector128<short> ab0 = Unpack.Low(va, vb).AsInt16(), ab1 = Unpack.High(va, vb).AsInt16();
                    Vector128<short> cd0 = Unpack.Low(vc, vd).AsInt16(), cd1 = Unpack.High(vc, vd).AsInt16();
                    var target = (short*)(row + i * 4);
                    Unpack.Low(ab0, cd0).Store(target);
                    Unpack.High(ab0, cd0).Store(target + 8);
                    Unpack.Low(ab1, cd1).Store(target + 16);
                    Unpack.High(ab1, cd1).Store(target + 24);
                }
                else
                {
                    StorePairs(va, vb, (short*)(row + i * 4));
                    StorePairs(vc, vd, (short*)(row + Plane + i * 4));
                }
            }

            return;
        }

        for (; i < count; i++)
        {
            if (_channelBytes == 1)
            {
                ((uint*)row)[i] = a[i] | (uint)b[i] << 8 | (uint)c[i] << 16 | (uint)d[i] << 24;
            }
            else
            {
                ((uint*)row)[i] = a[i] | (uint)b[i] << 16;
                ((uint*)(row + Plane))[i] = c[i] | (uint)d[i] << 16;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(Vector128<byte> a, Vector128<byte> b, short* target)
    {
        Vector128<short> a0 = Unpack.Low(a, Vector128<byte>.Zero).AsInt16(), a1 = Unpack.High(a, Vector128<byte>.Zero).AsInt16();
        Vector128<short> b0 = Unpack.Low(b, Vector128<byte>.Zero).AsInt16(), b1 = Unpack.High(b, Vector128<byte>.Zero).AsInt16();
        Unpack.Low(a0, b0).Store(target);
        Unpack.High(a0, b0).Store(target + 8);
        Unpack.Low(a1, b1).Store(target + 16);
        Unpack.High(a1, b1).Store(target + 24);
    }
}
