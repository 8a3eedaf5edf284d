using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Packing;

namespace Kernels.Execution;

/// <summary>
/// Input rows regrouped for PixelLanes kernels: a plane for each unit of 4 channels (2 when widened), in which
/// neighbouring pixels lie 4 bytes apart. Outside the image they hold the input zero point; each row is staged once,
/// in a ring that holds the rows of one output row. When the kernel moves on by several columns from output to output, a row
/// is staged as one row for each residue of its columns (all even ones, all odd ones): then neighbours are neighbours again.
/// </summary>
public unsafe ref struct PixelRows
{
    // Tiles read whole vectors: the widest, twice, beyond the last pixel.
    private const int SlackColumns = 32;

    // A tile of one vector of pixels may begin at the last one.
    private const int SecondSlack = 16;

    private readonly RowShape _shape;
    private readonly byte* _image;
    private readonly byte* _imageEnd;
    private readonly byte* _rows;
    private readonly int* _tags;
    private readonly byte* _outside;
    private readonly nint _rowBytes;
    private readonly nint _residueBytes;
    private readonly int _height;
    private readonly int _width;
    private readonly int _columns;
    private readonly int _channelBytes;
    private readonly int _zeroPoint;
    private readonly bool _signed;
    private readonly byte* _second;
    private readonly nint _secondPlane;
    private readonly int _ring;

    /// <summary>Opens a window on an image. It uses this thread's scratch memory until the kernel returns.</summary>
    /// <param name="shape">What the kernel reads.</param>
    /// <param name="image">The image.</param>
    /// <param name="packed">The layer: its zero point, and whether activations are bytes, signed bytes or words.</param>
    /// <param name="spareRow">Bytes of an output row to set aside.</param>
    /// <param name="secondCodes">Codes of an output pixel, all phases, of a second input; 0 where there is none.</param>
    public PixelRows(RowShape shape, in KernelImage image, PackedConvolution packed, int spareRow, int secondCodes = 0)
    {
        _shape = shape;
        _image = image.Input;
        _height = image.Height;
        _width = image.Width;
        _imageEnd = image.Input + (nint)_height * _width * shape.GroupChannels;
        _zeroPoint = packed.StagedZeroPoint;
        _channelBytes = packed.ChannelBytes;
        _signed = packed.HasSignedActivations;
        _columns = (shape.ResidueColumns(_width, image.OutputWidth) + SlackColumns + 15) & -16;
        Plane = (nint)_columns * 4;
        _residueBytes = Plane * (shape.GroupStride * _channelBytes / 4);
        _rowBytes = _residueBytes * shape.Residues.Length;
        _ring = Math.Min(shape.Rows, _height);
        nint tagBytes = AlignedMemory.Align((nint)_ring * sizeof(int));
        nint spareBytes = AlignedMemory.Align(spareRow);
        _secondPlane = AlignedMemory.Align((image.OutputWidth + shape.OutputStride - 1) / shape.OutputStride + SecondSlack);
        nint secondBytes = secondCodes * _secondPlane;
        byte* memory = Scratch.Rent((nuint)(tagBytes + spareBytes + secondBytes + _residueBytes + _ring * _rowBytes));
        _tags = (int*)memory;
        Spare = memory + tagBytes;
        _second = Spare + spareBytes;
        _outside = _second + secondBytes;
        _rows = _outside + _residueBytes;
        new Span<int>(_tags, _ring).Fill(-1);
        new Span<int>(_outside, checked((int)(_residueBytes / 4))).Fill(Border);

        // Slack is read into lanes that are never stored; it must only be readable.
        for (int r = 0; r < _ring; r++)
        {
            FillBorder(_rows + r * _rowBytes);
        }
    }

    /// <summary>Bytes from one unit's plane to the next.</summary>
    public nint Plane { get; }

    /// <summary>The memory that was set aside.</summary>
    public byte* Spare { get; }

    private readonly int Border => _channelBytes == 1 ? _zeroPoint * 0x01010101 : _zeroPoint * 0x00010001;

    /// <summary>Address of column 0 of a row in its first plane; where it is staged by residues, of the first one's.</summary>
    /// <param name="y">The row; outside the image it reads as the zero point.</param>
    /// <returns>The address; valid until so many other rows were asked for as the shape keeps.</returns>
    public readonly byte* Row(int y)
    {
        nint left = (nint)_shape.ResidueLeft * 4;
        if ((uint)y >= (uint)_height)
        {
            return _outside + left;
        }

        int slot = y % _ring;
        byte* row = _rows + slot * _rowBytes;
        if (_tags[slot] != y)
        {
            _tags[slot] = y;
            Stage(_image + (nint)y * _width * _shape.GroupChannels, row + left);
        }

        return row + left;
    }

    /// <summary>Addresses of the first column of each residue of a row.</summary>
    /// <param name="y">See <see cref="Row"/>.</param>
    /// <param name="rows">Receives an address for each residue, valid as long.</param>
    public readonly void Split(int y, byte** rows)
    {
        byte* row = Row(y);

        // Outside the image all are alike.
        nint step = (uint)y < (uint)_height ? _residueBytes : 0;
        for (int n = 0; n < _shape.Residues.Length; n++)
        {
            rows[n] = row + n * step;
        }
    }

    /// <summary>Regroups an output row of the second input: the codes of neighbouring pixels lie side by side.</summary>
    /// <param name="row">First code of the row.</param>
    /// <param name="count">Codes of the row. The last pixel may lack phases.</param>
    /// <param name="codes">Codes of a pixel, all phases.</param>
    /// <param name="planes">Receives for each of them where those of the row lie, valid until the next row.</param>
    public readonly void Second(byte* row, int count, int codes, byte** planes)
    {
        for (int code = 0; code < codes; code++)
        {
            planes[code] = _second + code * _secondPlane;
        }

        Planes.Split(row, count, codes, _second, _secondPlane);
    }

    private readonly void FillBorder(byte* row)
    {
        int left = _shape.ResidueLeft;
        foreach (int residue in _shape.Residues)
        {
            int end = left + _shape.ResidueWidth(residue, _width);
            for (int unit = 0; unit < _shape.GroupStride * _channelBytes / 4; unit++, row += Plane)
            {
                new Span<int>(row, left).Fill(Border);
                new Span<int>(row + (nint)end * 4, _columns - end).Fill(Border);
            }
        }
    }

    private readonly void Recenter(byte* row, int count)
    {
        for (int unit = 0; unit < _shape.GroupStride / 4; unit++, row += Plane)
        {
            Recentering.Copy(row, row, (nint)count * 4);
        }
    }

    private readonly void Stage(byte* source, byte* target)
    {
        foreach (int residue in _shape.Residues)
        {
            Stage(source + (nint)residue * _shape.GroupChannels, (nint)_shape.InputStride * _shape.GroupChannels, target, _shape.ResidueWidth(residue, _width));
            target += _residueBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Stage(byte* source, nint step, byte* target, int width)
    {
        int channels = _shape.GroupChannels;
        int stride = _shape.GroupStride;
        int channelBytes = _channelBytes;
        nint plane = Plane;
        for (int channel = 0; channel < stride; channel += 16)
        {
            int units = Math.Min(4, (stride - channel) / 4);
            byte* planes = target + channel / 4 * channelBytes * plane;
            byte* pixel = source + channel;
            int x = 0;
            if (Unpack.IsSupported)
            {
                // Several pixels x 16 channels at a time, of those at which 16 bytes can be read. Bytes of other channels or pixels
                // meet weights of 0.
                nint last = (nint)(_imageEnd - pixel) - 16;
                int readable = last < 0 ? 0 : (int)Math.Min(width, last / step + 1);
                if (WideTransposition.IsSupported && channelBytes == 1 && readable >= WideTransposition.Pixels)
                {
                    x = readable & -WideTransposition.Pixels;
                    WideTransposition.Run(pixel, step, planes, plane, units, x);
                    if (x < readable)
                    {
                        // What is left, and some before it again.
                        x = readable - WideTransposition.Pixels;
                        WideTransposition.Run(pixel + x * step, step, planes + (nint)x * 4, plane, units, WideTransposition.Pixels);
                        x = readable;
                    }
                }
                else if (readable >= 4)
                {
                    for (; x < readable; x += 4)
                    {
                        x = Math.Min(x, readable - 4);
                        Transpose(pixel + x * step, step, planes + (nint)x * 4, plane, units, channelBytes);
                    }
                }
            }

            pixel += x * step;
            for (; x < width; x++, pixel += step)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    uint codes = 0;
                    for (int c = 0; c < 4 && channel + unit * 4 + c < channels; c++)
                    {
                        codes |= (uint)pixel[unit * 4 + c] << (8 * c);
                    }

                    StorePixel(codes, planes + (nint)x * 4, plane, unit, channelBytes);
                }
            }
        }

        if (_signed)
        {
            Recenter(target, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(byte* pixel, nint stride, byte* planes, nint plane, int units, int channelBytes)
    {
        Vector128<uint> a = Vector128.Load((uint*)pixel);
        Vector128<uint> b = Vector128.Load((uint*)(pixel + stride));
        Vector128<uint> c = Vector128.Load((uint*)(pixel + 2 * stride));
        Vector128<uint> d = Vector128.Load((uint*)(pixel + 3 * stride));
        Vector128<ulong> ab0 = Unpack.Low(a, b).AsUInt64();
        Vector128<ulong> cd0 = Unpack.Low(c, d).AsUInt64();
        StoreUnit(Unpack.Low(ab0, cd0).AsUInt32(), planes, plane, 0, channelBytes);
        if (units > 1)
        {
            StoreUnit(Unpack.High(ab0, cd0).AsUInt32(), planes, plane, 1, channelBytes);
        }

        if (units > 2)
        {
            Vector128<ulong> ab1 = Unpack.High(a, b).AsUInt64();
            Vector128<ulong> cd1 = Unpack.High(c, d).AsUInt64();
            StoreUnit(Unpack.Low(ab1, cd1).AsUInt32(), planes, plane, 2, channelBytes);
            if (units > 3)
            {
                StoreUnit(Unpack.High(ab1, cd1).AsUInt32(), planes, plane, 3, channelBytes);
            }
        }
    }

    // 4 channels of 4 pixels: into one plane as bytes, into two as words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUnit(Vector128<uint> codes, byte* planes, nint plane, int unit, int channelBytes)
    {
        if (channelBytes == 1)
        {
            codes.Store((uint*)(planes + unit * plane));
            return;
        }

        Vector128<uint> low = Vector128.Create(0xFFu);
        Vector128<uint> high = Vector128.Create(0xFF0000u);
        ((codes & low) | ((codes << 8) & high)).Store((uint*)(planes + 2 * unit * plane));
        (((codes >> 16) & low) | ((codes >> 8) & high)).Store((uint*)(planes + (2 * unit + 1) * plane));
    }

    private static void StorePixel(uint codes, byte* planes, nint plane, int unit, int channelBytes)
    {
        if (channelBytes == 1)
        {
            *(uint*)(planes + unit * plane) = codes;
            return;
        }

        *(uint*)(planes + 2 * unit * plane) = (codes & 0xFF) | ((codes << 8) & 0xFF0000);
        *(uint*)(planes + (2 * unit + 1) * plane) = ((codes >> 16) & 0xFF) | ((codes >> 8) & 0xFF0000);
    }
}
