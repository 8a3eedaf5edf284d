using System;
using Kernels.Execution;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>
/// Drives the register tiles over a batch: output row by output row, phase by phase, block by block. Input rows are converted once a band,
/// into a ring of row buffers whose padding columns are zero; rows outside the input are skipped.
/// </summary>
internal static unsafe class PhaseConvolution<TLanes, TVector, TReader>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TReader : struct, IRowReader
{
    /// <summary>Columns that the last tile of a row may read beyond its last pixel's.</summary>
    private const int TileOverrun = 3;

    /// <summary>
    /// Runs a layer. The caller has checked that the input holds <paramref name="from"/> and the output holds <paramref name="to"/>, and
    /// that weights and epilogue are packed for <paramref name="layout"/> with this tier's lanes.
    /// </summary>
    public static void Run(ConvolutionLayout layout, int* weights, Epilogue epilogue, TReader reader, byte* input, Shape4 from, byte* output, Shape4 to)
    {
        // Loops that no generator has unrolled take about three times as long as what the work of a thread is counted in.
        ConvolutionSpec spec = layout.Spec;
        Shape4 positions = spec.Kind == ConvolutionKind.ConvTranspose2d ? from : to;
        double taps = (double)spec.InChannels / spec.Groups * spec.KernelHeight * spec.KernelWidth;
        double work = 3 * taps * spec.OutChannels * positions.N * positions.H * positions.W;
        RowTeam<Rows>.Run(new Rows(layout, weights, epilogue, reader, input, from, output, to), to.N * to.H, KernelThreads.For((long)work));
    }

    private static void RunRow(ConvolutionLayout layout, int* weights, Epilogue* epilogue, Segment* segments, RowSource source, int rowPhase, byte* output, Shape4 to)
    {
        var arguments = new TileArguments { Segments = segments, Epilogue = epilogue };
        int blocks = (layout.Vectors + layout.VectorsPerBlock - 1) / layout.VectorsPerBlock;
        for (int columnPhase = 0; columnPhase < layout.Columns.Phases.Count; columnPhase++)
        {
            AxisPhase columns = layout.Columns.Phases[columnPhase];
            int pixels = layout.Columns.CountOf(columnPhase, to.W);
            arguments.SegmentCount = WriteSegments(layout, segments, source, layout.Rows.Phases[rowPhase], columns);
            arguments.PixelStep = (nint)layout.Columns.InputStride * layout.PixelSteps;
            arguments.OutputStep = (nint)layout.Columns.OutputStride * to.C * TLanes.OutputSize;
            for (int group = 0; group < layout.Groups; group++)
            {
                for (int block = 0; block < blocks; block++)
                {
                    int channel = block * layout.VectorsPerBlock * layout.Lanes;
                    arguments.Weights = weights + layout.BlockOffset(rowPhase, columnPhase, group, block);
                    arguments.Channel = group * layout.Vectors * layout.Lanes + channel;
                    arguments.Channels = layout.GroupOutputs - channel;
                    int* input = source.Rows + (layout.IsDepthwise ? channel : group * layout.Steps);
                    byte* target = output + ((nint)columns.Index * to.C + group * layout.GroupOutputs + channel) * TLanes.OutputSize;
                    RunBlock(in arguments, layout.IsDepthwise, layout.BlockVectors(block), input, target, pixels);
                }
            }
        }
    }

    private static void RunBlock(ref readonly TileArguments arguments, bool isDepthwise, int vectors, int* input, byte* output, int pixels)
    {
        // Four pixels at a time where 16 accumulators would not fit, and for a short rest of a row.
        int wide = !isDepthwise && (vectors == 1 || TLanes.HasManyRegisters) ? 8 : 4;
        for (int done = 0; done < pixels;)
        {
            int rest = pixels - done;
            int* x = input + done * arguments.PixelStep;
            byte* y = output + done * arguments.OutputStep;
            if (isDepthwise)
            {
                RegisterTile<TLanes, TVector>.Depthwise4(in arguments, x, y, rest);
                done += 4;
            }
            else if (wide == 8 && rest > 4)
            {
                if (vectors == 2)
                {
                    RegisterTile<TLanes, TVector>.Tile8x2(in arguments, x, y, rest);
                }
                else
                {
                    RegisterTile<TLanes, TVector>.Tile8x1(in arguments, x, y, rest);
                }

                done += 8;
            }
            else
            {
                if (vectors == 2)
                {
                    RegisterTile<TLanes, TVector>.Tile4x2(in arguments, x, y, rest);
                }
                else
                {
                    RegisterTile<TLanes, TVector>.Tile4x1(in arguments, x, y, rest);
                }

                done += 4;
            }
        }
    }

    /// <summary>Lists the taps inside the input; neighbouring taps of a row become one run where memory allows.</summary>
    private static int WriteSegments(ConvolutionLayout layout, Segment* segments, RowSource source, AxisPhase rows, AxisPhase columns)
    {
        int count = 0;
        bool isOneRun = columns.Step == 1 && layout.Groups == 1 && !layout.IsDepthwise;
        for (int ty = 0; ty < rows.Taps.Count; ty++)
        {
            int row = source.First + rows.Taps[ty].Offset;
            if (row < 0 || row >= source.Height || columns.Taps.Count == 0)
            {
                continue;
            }

            nint rowOffset = (nint)(row % source.Ring) * source.RowSteps;
            int runs = isOneRun ? 1 : columns.Taps.Count;
            for (int tx = 0; tx < runs; tx++)
            {
                segments[count++] = new Segment(
                    rowOffset + (nint)columns.Taps[tx].Offset * layout.PixelSteps,
                    (nint)(ty * columns.Taps.Count + tx) * layout.Steps,
                    isOneRun ? columns.Taps.Count * layout.Steps : layout.Steps);
            }
        }

        return count;
    }

    /// <summary>The output rows of all images of a run.</summary>
    private readonly struct Rows(ConvolutionLayout layout, int* weights, Epilogue epilogue, TReader reader, byte* input, Shape4 from, byte* output, Shape4 to) : IRowKernel
    {
        // Rows of several threads: what these point to stays where it is until all have been computed.
        private readonly int* _weights = weights;
        private readonly byte* _input = input;
        private readonly byte* _output = output;

        public void Run(int first, int end)
        {
            (long low, long high) = layout.Columns.Reach(to.W);
            int columns = checked((int)(Math.Max(high, from.W - 1) + 1 - low + TileOverrun * layout.Columns.InputStride));
            int rowSteps = checked(columns * layout.PixelSteps);
            int ring = Math.Min(layout.Rows.Span, from.H);

            ConvolutionScratch scratch = ConvolutionScratch.Current;
            AlignedArray<int> buffers = scratch.Rows(checked(ring * rowSteps));
            int leftSteps = (int)-low * layout.PixelSteps;
            int imageSteps = from.W * layout.PixelSteps;
            for (int i = 0; i < ring; i++)
            {
                Span<int> row = buffers.Span.Slice(i * rowSteps, rowSteps);
                row[..leftSteps].Clear();
                row[(leftSteps + imageSteps)..].Clear();
            }

            Span<int> heldRows = scratch.HeldRows(ring);
            nint inputRow = (nint)from.W * from.C * TReader.InputSize;
            nint outputRow = (nint)to.W * to.C * TLanes.OutputSize;
            Epilogue constants = epilogue;
            int held = -1;
            fixed (Segment* segments = scratch.Segments(layout.Spec.KernelHeight * layout.Spec.KernelWidth + 1))
            {
                for (int r = first; r < end; r++)
                {
                    (int n, int y) = Math.DivRem(r, to.H);
                    if (n != held)
                    {
                        held = n;
                        heldRows.Fill(-1);
                    }

                    byte* image = _input + n * from.H * inputRow;
                    (int j, int phase) = Math.DivRem(y, layout.Rows.OutputStride);
                    int top = j * layout.Rows.InputStride;
                    EquatableArray<AxisTap> taps = layout.Rows.Phases[phase].Taps;
                    for (int tap = 0; tap < taps.Count; tap++)
                    {
                        int row = top + taps[tap].Offset;
                        if (row >= 0 && row < from.H && heldRows[row % ring] != row)
                        {
                            heldRows[row % ring] = row;
                            reader.Read(image + row * inputRow, buffers.Pointer + (nint)(row % ring) * rowSteps + leftSteps, from.W);
                        }
                    }

                    var source = new RowSource(buffers.Pointer + leftSteps, ring, rowSteps, top, from.H);
                    RunRow(layout, _weights, &constants, segments, source, phase, _output + r * outputRow, to);
                }
            }

            GC.KeepAlive(buffers);
        }
    }

    /// <summary>The row buffers as one output row sees them.</summary>
    /// <param name="rows">Pixel 0 of the first buffer.</param>
    /// <param name="ring">Number of buffers; input row r is in buffer r % ring.</param>
    /// <param name="rowSteps">Steps between buffers.</param>
    /// <param name="first">Input row of offset 0.</param>
    /// <param name="height">Rows of the input.</param>
    private readonly ref struct RowSource(int* rows, int ring, int rowSteps, int first, int height)
    {
        public readonly int* Rows = rows;
        public readonly int Ring = ring;
        public readonly int RowSteps = rowSteps;
        public readonly int First = first;
        public readonly int Height = height;
    }
}
