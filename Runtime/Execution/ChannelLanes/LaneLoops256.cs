using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>Loops of ChannelLanes kernels on 256 bits: 4 pixels x 16 lanes, or 8 x 8 where a block has no more.</summary>
/// <typeparam name="TDot">How 4 bytes of a lane are multiplied.</typeparam>
/// <typeparam name="TCodes">The epilogue.</typeparam>
public readonly unsafe struct LaneLoops256<TDot, TCodes> : ILaneLoops
    where TDot : struct, IDot256
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
                if (lanes <= 8)
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
                    for (; i + 4 <= count; i += 4)
                    {
                        Tile4x2(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                    }

                    if (i < count && count >= 4)
                    {
                        // One more tile that ends with the row.
                        i = count - 4;
                        Tile4x2(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                        i = count;
                    }
                }

                for (; i < count; i++)
                {
                    Tile1x2(shape, rows, x + i * pixel, block, e, target + (nint)i * shape.OutputStep, lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        nint pixel = (nint)shape.InputStep * TDot.ChannelBytes;
        Vector256<int> a00 = Vector256.Load(block->Start);
        Vector256<int> a01 = Vector256.Load(block->Start + 8);
        Vector256<int> a10 = a00, a11 = a01, a20 = a00, a21 = a01, a30 = a00, a31 = a01;
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
                    Vector256<int> k0 = Vector256.Load((int*)w);
                    Vector256<int> k1 = Vector256.Load((int*)(w + 32));
                    Vector256<int> v = Lanes.Broadcast256(at);
                    a00 = TDot.Step(a00, v, k0);
                    a01 = TDot.Step(a01, v, k1);
                    v = Lanes.Broadcast256(at + pixel);
                    a10 = TDot.Step(a10, v, k0);
                    a11 = TDot.Step(a11, v, k1);
                    v = Lanes.Broadcast256(at + 2 * pixel);
                    a20 = TDot.Step(a20, v, k0);
                    a21 = TDot.Step(a21, v, k1);
                    v = Lanes.Broadcast256(at + 3 * pixel);
                    a30 = TDot.Step(a30, v, k0);
                    a31 = TDot.Step(a31, v, k1);
                }
            }
        }

        // What was cut off weights whose pairs could saturate.
        for (Residual* r = block->Residuals, end = r + block->ResidualCount; r < end; r++)
        {
            byte* at = rows[r->Row] + x + r->Offset;
            Vector256<int> k0 = Vector256.Load((int*)r->Weights);
            Vector256<int> k1 = Vector256.Load((int*)(r->Weights + 32));
            a00 = TDot.Step(a00, Lanes.Broadcast256(at), k0);
            a01 = TDot.Step(a01, Lanes.Broadcast256(at), k1);
            a10 = TDot.Step(a10, Lanes.Broadcast256(at + pixel), k0);
            a11 = TDot.Step(a11, Lanes.Broadcast256(at + pixel), k1);
            a20 = TDot.Step(a20, Lanes.Broadcast256(at + 2 * pixel), k0);
            a21 = TDot.Step(a21, Lanes.Broadcast256(at + 2 * pixel), k1);
            a30 = TDot.Step(a30, Lanes.Broadcast256(at + 3 * pixel), k0);
            a31 = TDot.Step(a31, Lanes.Broadcast256(at + 3 * pixel), k1);
        }

        Store(a00, block, 0, e, output, lanes);
        Store(a01, block, 8, e, output, lanes);
        Store(a10, block, 0, e, output + shape.OutputStep, lanes);
        Store(a11, block, 8, e, output + shape.OutputStep, lanes);
        Store(a20, block, 0, e, output + 2 * shape.OutputStep, lanes);
        Store(a21, block, 8, e, output + 2 * shape.OutputStep, lanes);
        Store(a30, block, 0, e, output + 3 * shape.OutputStep, lanes);
        Store(a31, block, 8, e, output + 3 * shape.OutputStep, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        nint pixel = (nint)shape.InputStep * TDot.ChannelBytes;
        Vector256<int> a00 = Vector256.Load(block->Start);
        Vector256<int> a10 = a00, a20 = a00, a30 = a00, a40 = a00, a50 = a00, a60 = a00, a70 = a00;
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
                    Vector256<int> k0 = Vector256.Load((int*)w);
                    a00 = TDot.Step(a00, Lanes.Broadcast256(at), k0);
                    a10 = TDot.Step(a10, Lanes.Broadcast256(at + pixel), k0);
                    a20 = TDot.Step(a20, Lanes.Broadcast256(at + 2 * pixel), k0);
                    a30 = TDot.Step(a30, Lanes.Broadcast256(at + 3 * pixel), k0);
                    a40 = TDot.Step(a40, Lanes.Broadcast256(at + 4 * pixel), k0);
                    a50 = TDot.Step(a50, Lanes.Broadcast256(at + 5 * pixel), k0);
                    a60 = TDot.Step(a60, Lanes.Broadcast256(at + 6 * pixel), k0);
                    a70 = TDot.Step(a70, Lanes.Broadcast256(at + 7 * pixel), k0);
                }
            }
        }

        // What was cut off weights whose pairs could saturate.
        for (Residual* r = block->Residuals, end = r + block->ResidualCount; r < end; r++)
        {
            byte* at = rows[r->Row] + x + r->Offset;
            Vector256<int> k0 = Vector256.Load((int*)r->Weights);
            a00 = TDot.Step(a00, Lanes.Broadcast256(at), k0);
            a10 = TDot.Step(a10, Lanes.Broadcast256(at + pixel), k0);
            a20 = TDot.Step(a20, Lanes.Broadcast256(at + 2 * pixel), k0);
            a30 = TDot.Step(a30, Lanes.Broadcast256(at + 3 * pixel), k0);
            a40 = TDot.Step(a40, Lanes.Broadcast256(at + 4 * pixel), k0);
            a50 = TDot.Step(a50, Lanes.Broadcast256(at + 5 * pixel), k0);
            a60 = TDot.Step(a60, Lanes.Broadcast256(at + 6 * pixel), k0);
            a70 = TDot.Step(a70, Lanes.Broadcast256(at + 7 * pixel), k0);
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
    private static void Tile1x2(in LaneShape shape, byte** rows, nint x, LaneBlock* block, EpilogueScalars* e, byte* output, int lanes)
    {
        Vector256<int> a00 = Vector256.Load(block->Start);
        Vector256<int> a01 = Vector256.Load(block->Start + 8);
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
                    Vector256<int> k0 = Vector256.Load((int*)w);
                    Vector256<int> k1 = Vector256.Load((int*)(w + 32));
                    Vector256<int> v = Lanes.Broadcast256(at);
                    a00 = TDot.Step(a00, v, k0);
                    a01 = TDot.Step(a01, v, k1);
                }
            }
        }

        // What was cut off weights whose pairs could saturate.
        for (Residual* r = block->Residuals, end = r + block->ResidualCount; r < end; r++)
        {
            byte* at = rows[r->Row] + x + r->Offset;
            Vector256<int> k0 = Vector256.Load((int*)r->Weights);
            Vector256<int> k1 = Vector256.Load((int*)(r->Weights + 32));
            a00 = TDot.Step(a00, Lanes.Broadcast256(at), k0);
            a01 = TDot.Step(a01, Lanes.Broadcast256(at), k1);
        }

        Store(a00, block, 0, e, output, lanes);
        Store(a01, block, 8, e, output, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int lanes)
    {
        int count = Math.Min(8, lanes - lane);
        if (count > 0)
        {
            Lanes.Store(output + lane, TCodes.Codes(sum, block, lane, e, output + lane, count), count);
        }
    }
}
