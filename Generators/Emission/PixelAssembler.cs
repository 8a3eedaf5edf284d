using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// PixelLanes tiles in machine code: one vpdpbusd a step, requantized, interleaved and stored. Conventions as in
/// <see cref="LaneAssembler"/>.
/// </summary>
internal static class PixelAssembler
{
    // Offsets in Kernels.Execution.PixelCall.
    private const int Rows = 0;
    private const int X = 8;
    private const int Output = 16;
    private const int Block = 24;
    private const int Plane = 32;
    private const int Tiles = 40;
    private const int Epilogue = 48;
    private const int Ahead = 64;
    private const int NextOutput = 72;

    // Offsets in Kernels.Execution.PixelBlock.
    private const int Weights = 0;
    private const int Start = 8;
    private const int Bias = 16;
    private const int Multiplier = 24;
    private const int Permutation = 40;

    // Bytes of a cache line.
    private const int Line = 64;

    // Lines that a tile asks for in a row; more are a loop, and far more are none: of rows that far apart next to nothing is read.
    private const int SpelledLines = 32;
    private const int MostLines = 1024;

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    private static readonly AssemblerRegisterZMM[] Inputs = [zmm0, zmm1, zmm2, zmm3, zmm4];

    private static readonly AssemblerRegisterZMM Weight = zmm5;

    /// <summary>Assembles a routine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="geometry">The layer's phases.</param>
    /// <param name="width">Vectors of 16 pixels.</param>
    /// <param name="spec">The layer.</param>
    public static MachineTile Tile(string name, PixelPanelPlan panel, LayerGeometry geometry, int width, LayerSpec spec)
    {
        var c = new Assembler(64);
        int phases = geometry.Horizontal.OutputStride;
        int accumulators = phases * panel.Channels;
        long lines = (long)width * geometry.Vertical.InputStride * geometry.Horizontal.InputStride;
        var stores = new PixelStoreLayout(phases, panel.Channels, spec.OutChannels);
        int vectorCodes = PixelStoreLayout.Pixels * stores.PixelBytes;
        int[] stored = [.. stores.Codes().Select(code => code.Target / PixelStoreLayout.VectorBytes).Distinct().OrderBy(vector => vector)];
        var fromThird = new HashSet<int>(stores.Codes().Where(code => code.Accumulator >= 8).Select(code => code.Target / PixelStoreLayout.VectorBytes));
        c.mov(rcx, rdi);
        Label tile = c.CreateLabel();
        c.Label(ref tile);
        c.mov(rdx, __[rcx + Block]);
        c.mov(rax, __[rdx + Start]);
        for (int a = 0; a < accumulators; a++)
        {
            c.vpbroadcastd(Accumulators[a], __dword_ptr[rax + a * 4]);
        }

        for (int v = 1; v < width; v++)
        {
            for (int a = 0; a < accumulators; a++)
            {
                c.vmovdqa32(Accumulators[v * accumulators + a], Accumulators[a]);
            }
        }

        if (panel.Steps.Count > 0)
        {
            // r8 rows, r9 weights, r10 bytes between planes, r11 offset in a row.
            Label loop = c.CreateLabel();
            c.mov(r8, __[rcx + Rows]);
            c.mov(r9, __[rdx + Weights]);
            c.mov(r10, __[rcx + Plane]);
            c.mov(r11, __[rcx + X]);
            c.mov(edx, (spec.InChannels + 3) / 4);
            c.Label(ref loop);
            int dots = 0;
            int input = 0;
            foreach (IGrouping<int, PixelStep> row in panel.Steps.GroupBy(step => step.StagedRow))
            {
                c.mov(rax, __[r8 + row.Key * 8]);
                c.add(rax, r11);
                foreach (PixelStep step in row)
                {
                    EmitStep(step, ref input, ref dots);
                }
            }

            EmitPrefetch();
            c.add(r11, r10);
            c.add(r9, dots * 4);
            c.dec(edx);
            c.jne(loop);
        }

        EmitEpilogue();
        c.add(__qword_ptr[rcx + X], width * 64);
        c.add(__qword_ptr[rcx + Output], width * vectorCodes);
        c.dec(__qword_ptr[rcx + Tiles]);
        c.jne(tile);
        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble(name, c);

        // 4 channels of 16 pixels are a line of the image: staging will find its next row in the caches.
        void EmitPrefetch()
        {
            if (lines > MostLines)
            {
                return;
            }

            c.mov(rax, __[rcx + Ahead]);
            for (int i = 0; lines <= SpelledLines && i < lines; i++)
            {
                c.prefetcht1(__[rax + i * Line]);
            }

            c.add(__qword_ptr[rcx + Ahead], (int)lines * Line);
            if (lines <= SpelledLines)
            {
                return;
            }

            Label ask = c.CreateLabel();
            c.Label(ref ask);
            c.prefetcht1(__[rax]);
            c.add(rax, Line);
            c.cmp(rax, __qword_ptr[rcx + Ahead]);
            c.jne(ask);
        }

        void EmitStep(PixelStep step, ref int input, ref int dots)
        {
            int first = input;
            for (int v = 0; v < width; v++, input++)
            {
                c.vmovdqu32(Inputs[input % Inputs.Length], __[rax + (step.StagedColumn * 4 + v * 64)]);
            }

            for (int phase = 0; phase < phases; phase++)
            {
                for (int channel = 0; channel < panel.Channels && step.Taps[phase] >= 0; channel++, dots++)
                {
                    int accumulator = phase * panel.Channels + channel;
                    if (width > 1)
                    {
                        // One load for all vectors of pixels: a broadcast inside vpdpbusd would be one each.
                        c.vpbroadcastd(Weight, __dword_ptr[r9 + dots * 4]);
                    }

                    for (int v = 0; v < width; v++)
                    {
                        AssemblerRegisterZMM sum = Accumulators[v * accumulators + accumulator];
                        AssemblerRegisterZMM x = Inputs[(first + v) % Inputs.Length];
                        if (width > 1)
                        {
                            c.vpdpbusd(sum, x, Weight);
                        }
                        else
                        {
                            c.vpdpbusd(sum, x, __dword_bcst[r9 + dots * 4]);
                        }
                    }
                }
            }
        }

        void EmitEpilogue()
        {
            var epilogue = new EpilogueAssembler(c, spec);
            c.mov(rdx, __[rcx + Epilogue]);
            epilogue.LoadScalars(rdx);
            if (spec.HasSecond)
            {
                // The planes of the second input, and the tile's first pixel in them: a byte each.
                c.mov(r9, __[rdx + EpilogueAssembler.SecondPlanes]);
                c.mov(r11, __[rcx + X]);
                c.shr(r11, 2);
            }

            c.mov(rdx, __[rcx + Block]);
            c.mov(r8, __[rdx + Bias]);
            if (!spec.IsFused)
            {
                c.mov(r9, __[rdx + Multiplier]);
            }

            c.mov(r10, __[rdx + Permutation]);
            c.mov(rax, __[rcx + Output]);

            // Nor will stores wait for their lines.
            c.mov(rdx, __[rcx + NextOutput]);
            for (int i = 0; i < width * vectorCodes; i += Line)
            {
                c.prefetchw(__[rax + rdx + i]);
            }

            if (spec.IsFused)
            {
                c.mov(rdx, __[rcx + Epilogue]);
                epilogue.LoadConstants(rdx, rdx);
            }

            for (int v = 0; v < width; v += stores.Together)
            {
                int together = Math.Min(stores.Together, width - v);
                AssemblerRegisterZMM[] sums = [.. Accumulators.Skip(v * accumulators).Take(together * accumulators)];
                var packed = new List<AssemblerRegisterZMM>();
                for (int first = 0; first < sums.Length; first += 4)
                {
                    AssemblerRegisterZMM[] group = [.. sums.Skip(first).Take(4)];
                    for (int i = 0; i < group.Length; i++)
                    {
                        int a = (first + i) % accumulators;
                        if (spec.IsFused)
                        {
                            // All constants of the accumulators lie behind their bias.
                            int vector = v + (first + i) / accumulators;
                            epilogue.Fuse(group[i], rdx, array => __dword_bcst[r8 + (array * PixelTileEmitter.ConstantStride(accumulators) + a) * 4], x => LoadSecond(x, a, vector));
                        }
                        else
                        {
                            epilogue.Requantize(group[i], __dword_bcst[r8 + a * 4], __dword_bcst[r9 + a * 4]);
                        }
                    }

                    epilogue.Pack(group);
                    packed.Add(group[0]);
                }

                if (spec.HasSecond)
                {
                    c.mov(r10, __[rcx + Block]);
                    c.mov(r10, __[r10 + Permutation]);
                }

                foreach (int vector in stored)
                {
                    EmitStore(vector, packed, v * vectorCodes, together * vectorCodes);
                }
            }
        }

        void LoadSecond(AssemblerRegisterZMM target, int accumulator, int vector)
        {
            int code = accumulator / panel.Channels * spec.OutChannels + accumulator % panel.Channels;
            c.mov(r10, __[r9 + code * 8]);
            c.vpmovzxbd(target, __xmmword_ptr[r10 + r11 + vector * 16]);
        }

        void EmitStore(int vector, List<AssemblerRegisterZMM> packed, int offset, int end)
        {
            AssemblerRegisterZMM codes = EpilogueAssembler.Free[0];
            AssemblerRegisterZMM order = EpilogueAssembler.Free[1];
            c.vmovdqu32(codes, __[r10 + stores.IndicesOf(vector)]);
            if (packed.Count == 1)
            {
                c.vpermb(codes, codes, packed[0]);
            }
            else
            {
                c.vpermi2b(codes, packed[0], packed[1]);
            }

            if (fromThird.Contains(vector))
            {
                c.vmovdqu32(order, __[r10 + (stores.IndicesOf(vector) + 64)]);
                c.kmovq(k2, __qword_ptr[r10 + stores.MasksOf(vector)]);
                c.vpermb(codes.k2, order, packed[2]);
            }

            AssemblerMemoryOperand target = __[rax + (offset + vector * 64)];
            if (!stores.IsContiguous)
            {
                c.kmovq(k2, __qword_ptr[r10 + (stores.MasksOf(vector) + 8)]);
                c.vmovdqu8(target.k2, codes);
                return;
            }

            // Whole pixels fill 16, 32, 48 or 64 bytes.
            int count = Math.Min(64, end - vector * 64);
            if (count == 64)
            {
                c.vmovdqu32(target, codes);
                return;
            }

            if (count >= 32)
            {
                c.vmovdqu32(target, Registers.Half(codes));
            }

            if (count == 48)
            {
                c.vextracti32x4(__[rax + (offset + vector * 64 + 32)], codes, 2);
            }

            if (count == 16)
            {
                c.vmovdqu32(target, Registers.Quarter(codes));
            }
        }
    }
}
