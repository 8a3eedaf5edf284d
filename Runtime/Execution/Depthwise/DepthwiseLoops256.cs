using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Packing;
using Kernels.Shared;

namespace Kernels.Execution;

/// <summary>Loops of Depthwise kernels on 256 bits: a pixel x 32 channels at a time, or as many pixels of few channels as a vector holds.</summary>
/// <typeparam name="TDot">How 4 bytes of a lane are multiplied.</typeparam>
/// <typeparam name="TCodes">The epilogue.</typeparam>
public readonly unsafe struct DepthwiseLoops256<TDot, TCodes> : IDepthwiseLoops
    where TDot : struct, IDot256
    where TCodes : struct, IQuadCodes
{
    private const int Lanes = 32;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(PackedDepthwise packed, int index, byte** rows, EpilogueScalars* e, byte* output, int count)
    {
        DepthwisePanel panel = packed.Layout.Panels[index];
        RowShape shape = packed.Layout.Rows;
        int repeat = packed.Lanes.Repeat;
        nint inputStep = (nint)shape.InputStride * shape.Groups;
        nint outputStep = (nint)shape.OutputStride * shape.Groups;
        for (int chunk = 0; chunk < packed.Lanes.Chunks.Count; chunk++)
        {
            ChannelChunk channels = packed.Lanes.Chunks[chunk];
            DepthwiseBlock* block = packed.Panel(index) + chunk;
            int stored = packed.Lanes.Stored(channels);
            for (int i = 0; i < count; i += repeat)
            {
                // The last vector of few channels holds fewer pixels.
                int codes = repeat > 1 ? Math.Min(stored, (count - i) * shape.Groups) : stored;
                Pixel(panel, shape.Groups, rows, i * inputStep + channels.First, block, e, output + i * outputStep + channels.First, codes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixel(DepthwisePanel panel, int channels, byte** rows, nint x, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int codes)
    {
        byte* w = block->Weights;
        int source = 0;
        for (int phase = 0; phase < panel.Phases; phase++, output += channels)
        {
            int* start = block->Start + phase * Lanes;
            Vector256<int> s0 = Vector256.Load(start), s1 = Vector256.Load(start + 8), s2 = Vector256.Load(start + 16), s3 = Vector256.Load(start + 24);
            for (int quad = 0; quad < panel.Quads[phase]; quad++, source += 4, w += 4 * Lanes * TDot.ChannelBytes)
            {
                var quads = Quads256.Of(At(0), At(1), At(2), At(3));
                s0 = Quads256.Dot<TDot>(s0, quads.First, w);
                s1 = Quads256.Dot<TDot>(s1, quads.Second, w + Lanes * TDot.ChannelBytes);
                s2 = Quads256.Dot<TDot>(s2, quads.Third, w + 2 * Lanes * TDot.ChannelBytes);
                s3 = Quads256.Dot<TDot>(s3, quads.Fourth, w + 3 * Lanes * TDot.ChannelBytes);
            }

            QuadEpilogue.Store(output, TCodes.Codes(s0, s1, s2, s3, block, e, output, codes), codes);
        }

        byte* At(int slot) => rows[panel.Rows[source + slot]] + x + panel.Columns[source + slot] * channels;
    }
}
