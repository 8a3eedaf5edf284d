using System.Runtime.CompilerServices;

namespace Kernels.Generic;

/// <summary>
/// Register tiles: accumulators for a few output pixels and one block of output channels live in registers for the whole sum.
/// A tile may read input past its last pixel (the row buffers have room for that) but stores only <c>pixels</c> of them.
/// </summary>
internal static unsafe class RegisterTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>8 pixels x 2 vectors of output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x2(ref readonly TileArguments a, int* input, byte* output, int pixels)
    {
        TVector acc0_0 = default, acc0_1 = default;
        TVector acc1_0 = default, acc1_1 = default;
        TVector acc2_0 = default, acc2_1 = default;
        TVector acc3_0 = default, acc3_1 = default;
        TVector acc4_0 = default, acc4_1 = default;
        TVector acc5_0 = default, acc5_1 = default;
        TVector acc6_0 = default, acc6_1 = default;
        TVector acc7_0 = default, acc7_1 = default;
        nint pixel = a.PixelStep;
        for (int s = 0; s < a.SegmentCount; s++)
        {
            Segment segment = a.Segments[s];
            int* x0 = input + segment.Input;
            int* x2 = x0 + 2 * pixel;
            int* x4 = x2 + 2 * pixel;
            int* x6 = x4 + 2 * pixel;
            int* weight = a.Weights + segment.Weight * (2 * TLanes.Count);
            for (int step = segment.Steps; step > 0; step--)
            {
                TVector w0 = TLanes.Load(weight);
                TVector w1 = TLanes.Load(weight + TLanes.Count);
                TVector x = TLanes.Broadcast(x0);
                acc0_0 = TLanes.MultiplyAdd(acc0_0, x, w0);
                acc0_1 = TLanes.MultiplyAdd(acc0_1, x, w1);
                x = TLanes.Broadcast(x0 + pixel);
                acc1_0 = TLanes.MultiplyAdd(acc1_0, x, w0);
                acc1_1 = TLanes.MultiplyAdd(acc1_1, x, w1);
                x = TLanes.Broadcast(x2);
                acc2_0 = TLanes.MultiplyAdd(acc2_0, x, w0);
                acc2_1 = TLanes.MultiplyAdd(acc2_1, x, w1);
                x = TLanes.Broadcast(x2 + pixel);
                acc3_0 = TLanes.MultiplyAdd(acc3_0, x, w0);
                acc3_1 = TLanes.MultiplyAdd(acc3_1, x, w1);
                x = TLanes.Broadcast(x4);
                acc4_0 = TLanes.MultiplyAdd(acc4_0, x, w0);
                acc4_1 = TLanes.MultiplyAdd(acc4_1, x, w1);
                x = TLanes.Broadcast(x4 + pixel);
                acc5_0 = TLanes.MultiplyAdd(acc5_0, x, w0);
                acc5_1 = TLanes.MultiplyAdd(acc5_1, x, w1);
                x = TLanes.Broadcast(x6);
                acc6_0 = TLanes.MultiplyAdd(acc6_0, x, w0);
                acc6_1 = TLanes.MultiplyAdd(acc6_1, x, w1);
                x = TLanes.Broadcast(x6 + pixel);
                acc7_0 = TLanes.MultiplyAdd(acc7_0, x, w0);
                acc7_1 = TLanes.MultiplyAdd(acc7_1, x, w1);
                x0++;
                x2++;
                x4++;
                x6++;
                weight += 2 * TLanes.Count;
            }
        }

        TLanes.Store(acc0_0, a.Epilogue, a.Channel, output, a.Channels);
        TLanes.Store(acc0_1, a.Epilogue, a.Channel + TLanes.Count, output + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        if (pixels > 1)
        {
            TLanes.Store(acc1_0, a.Epilogue, a.Channel, output + a.OutputStep, a.Channels);
            TLanes.Store(acc1_1, a.Epilogue, a.Channel + TLanes.Count, output + a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 2)
        {
            TLanes.Store(acc2_0, a.Epilogue, a.Channel, output + 2 * a.OutputStep, a.Channels);
            TLanes.Store(acc2_1, a.Epilogue, a.Channel + TLanes.Count, output + 2 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 3)
        {
            TLanes.Store(acc3_0, a.Epilogue, a.Channel, output + 3 * a.OutputStep, a.Channels);
            TLanes.Store(acc3_1, a.Epilogue, a.Channel + TLanes.Count, output + 3 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 4)
        {
            TLanes.Store(acc4_0, a.Epilogue, a.Channel, output + 4 * a.OutputStep, a.Channels);
            TLanes.Store(acc4_1, a.Epilogue, a.Channel + TLanes.Count, output + 4 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 5)
        {
            TLanes.Store(acc5_0, a.Epilogue, a.Channel, output + 5 * a.OutputStep, a.Channels);
            TLanes.Store(acc5_1, a.Epilogue, a.Channel + TLanes.Count, output + 5 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 6)
        {
            TLanes.Store(acc6_0, a.Epilogue, a.Channel, output + 6 * a.OutputStep, a.Channels);
            TLanes.Store(acc6_1, a.Epilogue, a.Channel + TLanes.Count, output + 6 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 7)
        {
            TLanes.Store(acc7_0, a.Epilogue, a.Channel, output + 7 * a.OutputStep, a.Channels);
            TLanes.Store(acc7_1, a.Epilogue, a.Channel + TLanes.Count, output + 7 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }
    }

    /// <summary>4 pixels x 2 vectors of output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(ref readonly TileArguments a, int* input, byte* output, int pixels)
    {
        TVector acc0_0 = default, acc0_1 = default;
        TVector acc1_0 = default, acc1_1 = default;
        TVector acc2_0 = default, acc2_1 = default;
        TVector acc3_0 = default, acc3_1 = default;
        nint pixel = a.PixelStep;
        for (int s = 0; s < a.SegmentCount; s++)
        {
            Segment segment = a.Segments[s];
            int* x0 = input + segment.Input;
            int* x2 = x0 + 2 * pixel;
            int* weight = a.Weights + segment.Weight * (2 * TLanes.Count);
            for (int step = segment.Steps; step > 0; step--)
            {
                TVector w0 = TLanes.Load(weight);
                TVector w1 = TLanes.Load(weight + TLanes.Count);
                TVector x = TLanes.Broadcast(x0);
                acc0_0 = TLanes.MultiplyAdd(acc0_0, x, w0);
                acc0_1 = TLanes.MultiplyAdd(acc0_1, x, w1);
                x = TLanes.Broadcast(x0 + pixel);
                acc1_0 = TLanes.MultiplyAdd(acc1_0, x, w0);
                acc1_1 = TLanes.MultiplyAdd(acc1_1, x, w1);
                x = TLanes.Broadcast(x2);
                acc2_0 = TLanes.MultiplyAdd(acc2_0, x, w0);
                acc2_1 = TLanes.MultiplyAdd(acc2_1, x, w1);
                x = TLanes.Broadcast(x2 + pixel);
                acc3_0 = TLanes.MultiplyAdd(acc3_0, x, w0);
                acc3_1 = TLanes.MultiplyAdd(acc3_1, x, w1);
                x0++;
                x2++;
                weight += 2 * TLanes.Count;
            }
        }

        TLanes.Store(acc0_0, a.Epilogue, a.Channel, output, a.Channels);
        TLanes.Store(acc0_1, a.Epilogue, a.Channel + TLanes.Count, output + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        if (pixels > 1)
        {
            TLanes.Store(acc1_0, a.Epilogue, a.Channel, output + a.OutputStep, a.Channels);
            TLanes.Store(acc1_1, a.Epilogue, a.Channel + TLanes.Count, output + a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 2)
        {
            TLanes.Store(acc2_0, a.Epilogue, a.Channel, output + 2 * a.OutputStep, a.Channels);
            TLanes.Store(acc2_1, a.Epilogue, a.Channel + TLanes.Count, output + 2 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }

        if (pixels > 3)
        {
            TLanes.Store(acc3_0, a.Epilogue, a.Channel, output + 3 * a.OutputStep, a.Channels);
            TLanes.Store(acc3_1, a.Epilogue, a.Channel + TLanes.Count, output + 3 * a.OutputStep + TLanes.Count * TLanes.OutputSize, a.Channels - TLanes.Count);
        }
    }

    /// <summary>8 pixels x 1 vector of output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x1(ref readonly TileArguments a, int* input, byte* output, int pixels)
    {
        TVector acc0_0 = default;
        TVector acc1_0 = default;
        TVector acc2_0 = default;
        TVector acc3_0 = default;
        TVector acc4_0 = default;
        TVector acc5_0 = default;
        TVector acc6_0 = default;
        TVector acc7_0 = default;
        nint pixel = a.PixelStep;
        for (int s = 0; s < a.SegmentCount; s++)
        {
            Segment segment = a.Segments[s];
            int* x0 = input + segment.Input;
            int* x2 = x0 + 2 * pixel;
            int* x4 = x2 + 2 * pixel;
            int* x6 = x4 + 2 * pixel;
            int* weight = a.Weights + segment.Weight * (1 * TLanes.Count);
            for (int step = segment.Steps; step > 0; step--)
            {
                TVector w0 = TLanes.Load(weight);
                acc0_0 = TLanes.MultiplyAdd(acc0_0, TLanes.Broadcast(x0), w0);
                acc1_0 = TLanes.MultiplyAdd(acc1_0, TLanes.Broadcast(x0 + pixel), w0);
                acc2_0 = TLanes.MultiplyAdd(acc2_0, TLanes.Broadcast(x2), w0);
                acc3_0 = TLanes.MultiplyAdd(acc3_0, TLanes.Broadcast(x2 + pixel), w0);
                acc4_0 = TLanes.MultiplyAdd(acc4_0, TLanes.Broadcast(x4), w0);
                acc5_0 = TLanes.MultiplyAdd(acc5_0, TLanes.Broadcast(x4 + pixel), w0);
                acc6_0 = TLanes.MultiplyAdd(acc6_0, TLanes.Broadcast(x6), w0);
                acc7_0 = TLanes.MultiplyAdd(acc7_0, TLanes.Broadcast(x6 + pixel), w0);
                x0++;
                x2++;
                x4++;
                x6++;
                weight += TLanes.Count;
            }
        }

        TLanes.Store(acc0_0, a.Epilogue, a.Channel, output, a.Channels);
        if (pixels > 1)
        {
            TLanes.Store(acc1_0, a.Epilogue, a.Channel, output + a.OutputStep, a.Channels);
        }

        if (pixels > 2)
        {
            TLanes.Store(acc2_0, a.Epilogue, a.Channel, output + 2 * a.OutputStep, a.Channels);
        }

        if (pixels > 3)
        {
            TLanes.Store(acc3_0, a.Epilogue, a.Channel, output + 3 * a.OutputStep, a.Channels);
        }

        if (pixels > 4)
        {
            TLanes.Store(acc4_0, a.Epilogue, a.Channel, output + 4 * a.OutputStep, a.Channels);
        }

        if (pixels > 5)
        {
            TLanes.Store(acc5_0, a.Epilogue, a.Channel, output + 5 * a.OutputStep, a.Channels);
        }

        if (pixels > 6)
        {
            TLanes.Store(acc6_0, a.Epilogue, a.Channel, output + 6 * a.OutputStep, a.Channels);
        }

        if (pixels > 7)
        {
            TLanes.Store(acc7_0, a.Epilogue, a.Channel, output + 7 * a.OutputStep, a.Channels);
        }
    }

    /// <summary>4 pixels x 1 vector of output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x1(ref readonly TileArguments a, int* input, byte* output, int pixels)
    {
        TVector acc0_0 = default;
        TVector acc1_0 = default;
        TVector acc2_0 = default;
        TVector acc3_0 = default;
        nint pixel = a.PixelStep;
        for (int s = 0; s < a.SegmentCount; s++)
        {
            Segment segment = a.Segments[s];
            int* x0 = input + segment.Input;
            int* x2 = x0 + 2 * pixel;
            int* weight = a.Weights + segment.Weight * (1 * TLanes.Count);
            for (int step = segment.Steps; step > 0; step--)
            {
                TVector w0 = TLanes.Load(weight);
                acc0_0 = TLanes.MultiplyAdd(acc0_0, TLanes.Broadcast(x0), w0);
                acc1_0 = TLanes.MultiplyAdd(acc1_0, TLanes.Broadcast(x0 + pixel), w0);
                acc2_0 = TLanes.MultiplyAdd(acc2_0, TLanes.Broadcast(x2), w0);
                acc3_0 = TLanes.MultiplyAdd(acc3_0, TLanes.Broadcast(x2 + pixel), w0);
                x0++;
                x2++;
                weight += TLanes.Count;
            }
        }

        TLanes.Store(acc0_0, a.Epilogue, a.Channel, output, a.Channels);
        if (pixels > 1)
        {
            TLanes.Store(acc1_0, a.Epilogue, a.Channel, output + a.OutputStep, a.Channels);
        }

        if (pixels > 2)
        {
            TLanes.Store(acc2_0, a.Epilogue, a.Channel, output + 2 * a.OutputStep, a.Channels);
        }

        if (pixels > 3)
        {
            TLanes.Store(acc3_0, a.Epilogue, a.Channel, output + 3 * a.OutputStep, a.Channels);
        }
    }

    /// <summary>4 pixels x 1 vector, where a lane is an input channel too. Segments are single taps, one vector of weights each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Depthwise4(ref readonly TileArguments a, int* input, byte* output, int pixels)
    {
        TVector acc0 = default, acc1 = default, acc2 = default, acc3 = default;
        nint pixel = a.PixelStep;
        for (int s = 0; s < a.SegmentCount; s++)
        {
            Segment segment = a.Segments[s];
            int* x0 = input + segment.Input;
            int* x2 = x0 + 2 * pixel;
            TVector w = TLanes.Load(a.Weights + segment.Weight * TLanes.Count);
            acc0 = TLanes.MultiplyAdd(acc0, TLanes.Load(x0), w);
            acc1 = TLanes.MultiplyAdd(acc1, TLanes.Load(x0 + pixel), w);
            acc2 = TLanes.MultiplyAdd(acc2, TLanes.Load(x2), w);
            acc3 = TLanes.MultiplyAdd(acc3, TLanes.Load(x2 + pixel), w);
        }

        TLanes.Store(acc0, a.Epilogue, a.Channel, output, a.Channels);
        if (pixels > 1)
        {
            TLanes.Store(acc1, a.Epilogue, a.Channel, output + a.OutputStep, a.Channels);
        }

        if (pixels > 2)
        {
            TLanes.Store(acc2, a.Epilogue, a.Channel, output + 2 * a.OutputStep, a.Channels);
        }

        if (pixels > 3)
        {
            TLanes.Store(acc3, a.Epilogue, a.Channel, output + 3 * a.OutputStep, a.Channels);
        }
    }
}
