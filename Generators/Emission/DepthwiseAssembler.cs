using System;
using System.Linq;
using Iced.Intel;
using Kernels.Generators.Planning;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// Depthwise tiles in machine code: input pixels are loaded and unpacked to 4 bytes a lane, multiplied by weights in memory, one
/// vpdpbusd for each pixel and vector, requantized, packed and stored. Conventions as in <see cref="LaneAssembler"/>.
/// </summary>
internal static class DepthwiseAssembler
{
    // Offsets in Kernels.Execution.DepthwiseCall.
    private const int Rows = 0;
    private const int X = 8;
    private const int Output = 16;
    private const int Block = 24;
    private const int Mask = 32;
    private const int Tiles = 40;
    private const int Epilogue = 48;

    // Offsets in Kernels.Execution.DepthwiseBlock.
    private const int Weights = 0;
    private const int Start = 8;
    private const int Bias = 16;
    private const int Multiplier = 24;

    private const int Vectors = DepthwisePlan.Vectors;

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    // Addresses of the rows of a dot step. The last one holds the table of rows until it is read.
    private static readonly AssemblerRegister64[] RowAddresses = [rax, rdx, r8, r10];

    /// <summary>Assembles a routine.</summary>
    public static MachineTile Tile(DepthwiseTileShape shape)
    {
        var c = new Assembler(64);
        DepthwiseTile tile = shape.Tile;
        c.mov(rcx, rdi);
        Label next = c.CreateLabel();
        c.Label(ref next);
        c.mov(rdx, __[rcx + Block]);
        c.mov(r8, __[rdx + Start]);
        c.mov(r9, __[rdx + Weights]);
        for (int pixel = 0; pixel < tile.Pixels; pixel++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                if (pixel < tile.Phases)
                {
                    c.vmovdqu32(Sum(pixel, v), __[r8 + (shape.StartOf(pixel) + v) * shape.Lanes]);
                }
                else
                {
                    c.vmovdqa32(Sum(pixel, v), Sum(pixel % tile.Phases, v));
                }
            }
        }

        int[] rows = [];
        foreach (TileQuad quad in tile.Quads)
        {
            int[] read = [.. quad.Sources.Select(source => source.Row).Distinct().OrderBy(row => row)];
            if (read.Except(rows).Any())
            {
                rows = read;
                EmitRows(rows);
            }

            EmitQuad(quad, rows);
        }

        EmitEpilogue(c, shape);
        c.add(__qword_ptr[rcx + X], tile.Positions * shape.InputStep);
        c.add(__qword_ptr[rcx + Output], tile.Positions * shape.OutputStep);
        c.dec(__qword_ptr[rcx + Tiles]);
        c.jne(next);
        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble(shape.Name, shape.Lanes == 64 ? c : NarrowVectors.Of(c, shape.Lanes));

        void EmitRows(int[] rows)
        {
            c.mov(r10, __[rcx + Rows]);
            c.mov(r11, __[rcx + X]);
            for (int i = 0; i < rows.Length; i++)
            {
                c.mov(RowAddresses[i], __[r10 + rows[i] * 8]);
                c.add(RowAddresses[i], r11);
            }
        }

        void EmitQuad(TileQuad quad, int[] rows)
        {
            // Bytes of the first two pixels, and of the last two, side by side; then their words.
            Load(zmm0, 0);
            if (quad.IsFilled[1])
            {
                c.vpunpcklbw(zmm4, zmm0, zmm0);
                c.vpunpckhbw(zmm1, zmm0, zmm0);
            }
            else
            {
                Load(zmm1, 1);
                c.vpunpcklbw(zmm4, zmm0, zmm1);
                c.vpunpckhbw(zmm1, zmm0, zmm1);
            }

            Load(zmm2, 2);
            AssemblerRegisterZMM last = quad.IsFilled[3] ? zmm2 : zmm3;
            if (!quad.IsFilled[3])
            {
                Load(zmm3, 3);
            }

            c.vpunpcklbw(zmm0, zmm2, last);
            c.vpunpckhbw(zmm3, zmm2, last);
            c.vpunpcklwd(zmm2, zmm4, zmm0);
            c.vpunpckhwd(zmm4, zmm4, zmm0);
            c.vpunpcklwd(zmm0, zmm1, zmm3);
            c.vpunpckhwd(zmm1, zmm1, zmm3);
            AssemblerRegisterZMM[] quads = [zmm2, zmm4, zmm0, zmm1];
            for (int v = 0; v < Vectors; v++)
            {
                foreach (QuadUse use in quad.Uses)
                {
                    c.vpdpbusd(Sum(use.Pixel, v), quads[v], __[r9 + (use.Step * Vectors + v) * shape.Lanes]);
                }
            }

            void Load(AssemblerRegisterZMM target, int slot)
            {
                DepthwiseSource source = quad.Sources[slot];
                c.vmovdqu32(target, __[RowAddresses[Array.IndexOf(rows, source.Row)] + source.Column * shape.Channels.Channels]);
            }
        }
    }

    private static AssemblerRegisterZMM Sum(int pixel, int vector) => Accumulators[pixel * Vectors + vector];

    // From accumulators to codes: bias and multiplier are loaded once for all pixels.
    private static void EmitEpilogue(Assembler c, DepthwiseTileShape shape)
    {
        var epilogue = new EpilogueAssembler(c, shape.Plan.Spec);
        c.mov(rdx, __[rcx + Epilogue]);
        epilogue.LoadScalars(rdx);
        c.mov(rax, __[rcx + Output]);
        if (shape.IsPartial)
        {
            c.kmovq(k2, __qword_ptr[rcx + Mask]);
        }

        if (shape.Plan.Spec.IsFused)
        {
            EmitFunctions(c, shape, epilogue);
        }
        else
        {
            EmitRequantization(c, shape, epilogue);
        }

        for (int pixel = 0; pixel < shape.Tile.Pixels; pixel++)
        {
            epilogue.Pack([.. Enumerable.Range(0, Vectors).Select(v => Sum(pixel, v))]);
            AssemblerMemoryOperand target = __[rax + shape.OutputOf(pixel)];
            if (shape.IsPartial)
            {
                c.vmovdqu8(target.k2, Sum(pixel, 0));
            }
            else
            {
                c.vmovdqu32(target, Sum(pixel, 0));
            }
        }
    }

    private static void EmitRequantization(Assembler c, DepthwiseTileShape shape, EpilogueAssembler epilogue)
    {
        AssemblerRegisterZMM bias = EpilogueAssembler.Free[0];
        AssemblerRegisterZMM multiplier = EpilogueAssembler.Free[1];
        c.mov(rdx, __[rcx + Block]);
        c.mov(r8, __[rdx + Bias]);
        c.mov(r9, __[rdx + Multiplier]);
        for (int v = 0; v < Vectors; v++)
        {
            c.vmovups(bias, __[r8 + v * shape.Lanes]);
            c.vmovups(multiplier, __[r9 + v * shape.Lanes]);
            for (int pixel = 0; pixel < shape.Tile.Pixels; pixel++)
            {
                epilogue.Requantize(Sum(pixel, v), bias, multiplier);
            }
        }
    }

    // The address of the scalars is in rdx.
    private static void EmitFunctions(Assembler c, DepthwiseTileShape shape, EpilogueAssembler epilogue)
    {
        if (shape.Plan.Spec.HasSecond)
        {
            c.mov(r10, __[rdx + EpilogueAssembler.Second]);
            c.add(r10, rax);
        }

        epilogue.LoadConstants(rdx, rdx);
        c.mov(r8, __[rcx + Block]);
        c.mov(r8, __[r8 + Bias]);
        for (int v = 0; v < Vectors; v++)
        {
            for (int pixel = 0; pixel < shape.Tile.Pixels; pixel++)
            {
                // All constants of a chunk's channels lie behind its bias, four vectors each.
                epilogue.Fuse(
                    Sum(pixel, v),
                    rdx,
                    array => __[r8 + (array * Vectors + v) * shape.Lanes],
                    x => LoadSecond(x, __[r10 + shape.OutputOf(pixel)], v));
            }
        }

        // 4 of each 16 codes, as unpacking leaves them. Codes that are not stored may lie outside the second input: those are not read.
        void LoadSecond(AssemblerRegisterZMM target, AssemblerMemoryOperand codes, int v)
        {
            if (shape.IsPartial)
            {
                c.vmovdqu8(target.k2.z, codes);
            }
            else
            {
                c.vmovdqu32(target, codes);
            }

            AssemblerRegisterZMM zero = EpilogueAssembler.FusedZero;
            if (v < 2)
            {
                c.vpunpcklbw(target, target, zero);
            }
            else
            {
                c.vpunpckhbw(target, target, zero);
            }

            if (v % 2 == 0)
            {
                c.vpunpcklwd(target, target, zero);
            }
            else
            {
                c.vpunpckhwd(target, target, zero);
            }
        }
    }
}
