using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Loops of ChannelLanes kernels on 128 bits: 2 pixels x 16 lanes, or 8 x 4 where a block has no more.</summary>
/// <typeparam name="TDot">How 4 bytes of a lane are multiplied.</typeparam>
/// <typeparam name="TCodes">The epilogue.</typeparam>
public readonly unsafe struct LaneLoops128<TDot, TCodes> : ILaneLoops
    where TDot : struct, IDot128
    where TCodes : struct, ILaneCodes
{
    /// <inheritdoc/>
    public static int ChannelBytes => TDot.ChannelBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int count)
    {
        nint pixel = (nint)shape.InputStep * TDot.ChannelBytes;
        for (int group = 0; group < shape.Groups; group++, x += shape.GroupChannels * TDot.ChannelBytes)
        {
            for (int lane = 0; lane < shape.Lanes; lane += 16, block++)
            {
                int lanes = Math.Min(16, shape.Lanes - lane);
                byte* target = output + (group * shape.Lanes + lane);
                int i = 0;
                if (lanes <= 4)
                {
                    for (; i + 8 <= count; i += 8)
                    {
                        Tile8x1(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                    }

                    if (i < count && count >= 8)
                    {
                        // One more tile that ends with the row.
                        i = count - 8;
                        Tile8x1(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                        i = count;
                    }
                }
                else
                {
                    for (; i + 2 <= count; i += 2)
                    {
                        Tile2x4(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                    }

                    if (i < count && count >= 2)
                    {
                        // One more tile that ends with the row.
                        i = count - 2;
                        Tile2x4(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                        i = count;
                    }
                }

                for (; i < count; i++)
                {
                    Tile1x4(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2x4(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        nint pixel = (nint)shape.InputStep * TDot.ChannelBytes;
        Vector128<int> a00 = Vector128.Load(block->Start);
        Vector128<int> a01 = Vector128.Load(block->Start + 4);
        Vector128<int> a02 = Vector128.Load(block->Start + 8);
        Vector128<int> a03 = Vector128.Load(block->Start + 12);
        Vector128<int> a10 = a00, a11 = a01, a12 = a02, a13 = a03;
        byte* w = block->Weights;
        int units = shape.StepChannels * TDot.ChannelBytes / 4;
        nint column = (nint)shape.ColumnStep * shape.PixelStride * TDot.ChannelBytes;
        for (int r = 0; r < shape.Rows; r++)
        {
            byte* first = rows[r * shape.RowStep] + x;
            for (int c = 0; c < shape.Columns; c++, first += column)
            {
                byte* at = first;
                for (int unit = 0; unit < units; unit++, at += 4, w += 64)
                {
                    Vector128<int> k0 = Vector128.Load((int*)w);
                    Vector128<int> k1 = Vector128.Load((int*)(w + 16));
                    Vector128<int> k2 = Vector128.Load((int*)(w + 32));
                    Vector128<int> k3 = Vector128.Load((int*)(w + 48));
                    Vector128<int> v = Lanes.Broadcast128(at);
                    a00 = TDot.Step(a00, v, k0);
                    a01 = TDot.Step(a01, v, k1);
                    a02 = TDot.Step(a02, v, k2);
                    a03 = TDot.Step(a03, v, k3);
                    v = Lanes.Broadcast128(at + pixel);
                    a10 = TDot.Step(a10, v, k0);
                    a11 = TDot.Step(a11, v, k1);
                    a12 = TDot.Step(a12, v, k2);
                    a13 = TDot.Step(a13, v, k3);
                }
            }
        }

        Store(a00, block, 0, e, output, lanes);
        Store(a01, block, 4, e, output, lanes);
        Store(a02, block, 8, e, output, lanes);
        Store(a03, block, 12, e, output, lanes);
        Store(a10, block, 0, e, output + shape.OutputStep, lanes);
        Store(a11, block, 4, e, output + shape.OutputStep, lanes);
        Store(a12, block, 8, e, output + shape.OutputStep, lanes);
        Store(a13, block, 12, e, output + shape.OutputStep, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        nint pixel = (nint)shape.InputStep * TDot.ChannelBytes;
        Vector128<int> a00 = Vector128.Load(block->Start);
        Vector128<int> a10 = a00, a20 = a00, a30 = a00, a40 = a00, a50 = a00, a60 = a00, a70 = a00;
        byte* w = block->Weights;
        int units = shape.StepChannels * TDot.ChannelBytes / 4;
        nint column = (nint)shape.ColumnStep * shape.PixelStride * TDot.ChannelBytes;
        for (int r = 0; r < shape.Rows; r++)
        {
            byte* first = rows[r * shape.RowStep] + x;
            for (int c = 0; c < shape.Columns; c++, first += column)
            {
                byte* at = first;
                for (int unit = 0; unit < units; unit++, at += 4, w += 64)
                {
                    Vector128<int> k0 = Vector128.Load((int*)w);
                    a00 = TDot.Step(a00, Lanes.Broadcast128(at), k0);
                    a10 = TDot.Step(a10, Lanes.Broadcast128(at + pixel), k0);
                    a20 = TDot.Step(a20, Lanes.Broadcast128(at + 2 * pixel), k0);
                    a30 = TDot.Step(a30, Lanes.Broadcast128(at + 3 * pixel), k0);
                    a40 = TDot.Step(a40, Lanes.Broadcast128(at + 4 * pixel), k0);
                    a50 = TDot.Step(a50, Lanes.Broadcast128(at + 5 * pixel), k0);
                    a60 = TDot.Step(a60, Lanes.Broadcast128(at + 6 * pixel), k0);
                    a70 = TDot.Step(a70, Lanes.Broadcast128(at + 7 * pixel), k0);
                }
            }
        }

        Store(a00, block, 0, e, output, lanes);
        Store(a10, block, 0, e, output + shape.OutputStep, lanes);
        Store(a20, block, 0, e, output + 2 * shape.OutputStep, lanes);
        Store(a30, block, 0, e, output + 3 * shape.OutputStep, lanes);
        Store(a40, block, 0, e, output + 4 * shape.OutputStep, lanes);
        Store(a50, block, 0, e, output + 5 * shape.OutputStep, lanes);
        Store(a60, block, 0, e, output + 6 * shape.OutputStep, lanes);
        Store(a70, block, 0, e, output + 7 * shape.OutputStep, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x4(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        Vector128<int> a00 = Vector128.Load(block->Start);
        Vector128<int> a01 = Vector128.Load(block->Start + 4);
        Vector128<int> a02 = Vector128.Load(block->Start + 8);
        Vector128<int> a03 = Vector128.Load(block->Start + 12);
        byte* w = block->Weights;
        int units = shape.StepChannels * TDot.ChannelBytes / 4;
        nint column = (nint)shape.ColumnStep * shape.PixelStride * TDot.ChannelBytes;
        for (int r = 0; r < shape.Rows; r++)
        {
            byte* first = rows[r * shape.RowStep] + x;
            for (int c = 0; c < shape.Columns; c++, first += column)
            {
                byte* at = first;
                for (int unit = 0; unit < units; unit++, at += 4, w += 64)
                {
                    Vector128<int> k0 = Vector128.Load((int*)w);
                    Vector128<int> k1 = Vector128.Load((int*)(w + 16));
                    Vector128<int> k2 = Vector128.Load((int*)(w + 32));
                    Vector128<int> k3 = Vector128.Load((int*)(w + 48));
                    Vector128<int> v = Lanes.Broadcast128(at);
                    a00 = TDot.Step(a00, v, k0);
                    a01 = TDot.Step(a01, v, k1);
                    a02 = TDot.Step(a02, v, k2);
                    a03 = TDot.Step(a03, v, k3);
                }
            }
        }

        Store(a00, block, 0, e, output, lanes);
        Store(a01, block, 4, e, output, lanes);
        Store(a02, block, 8, e, output, lanes);
        Store(a03, block, 12, e, output, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int lanes)
    {
        int count = Math.Min(4, lanes - lane);
        if (count > 0)
        {
            Lanes.Store(output + lane, TCodes.Codes(sum, block, lane, e, output + lane, count), count);
        }
    }
}
