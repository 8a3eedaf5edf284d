using System;
using System.Linq;
using Iced.Intel;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// ChannelLanes and Depthwise tiles in machine code: accumulators of pixels x blocks of 16 channels, one vpdpbusd a step, requantized and stored.
/// A routine works through neighbouring tiles, so that one tile's epilogue overlaps the next one's dot steps. It uses only registers
/// that are volatile on System V and on Win64 (rax, rcx, rdx, r8-11, zmm0-5, zmm16-31, k1, k2), no stack, and reads what the C# tile reads.
/// </summary>
internal static class LaneAssembler
{
    // Offsets in Kernels.Execution.LaneCall.
    private const int Steps = 0;
    private const int X = 8;
    private const int Output = 16;
    private const int Block = 24;
    private const int Count = 32;
    private const int Tiles = 40;
    private const int Epilogue = 48;
    private const int Mask = 56;
    private const int Units = 64;

    // Offsets in Kernels.Execution.LaneBlock, and its size.
    private const int Weights = 0;
    private const int Start = 8;
    private const int Bias = 16;
    private const int Multiplier = 24;
    private const int BlockBytes = 48;

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm2, zmm3, zmm4, zmm5];

    /// <summary>Assembles a routine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The tile.</param>
    /// <param name="units">Units of a step: of 4 input channels, or of 4 taps of 16 channels; null where the call says how many.</param>
    /// <param name="inputStep">Bytes from one output pixel's input to the next one's.</param>
    /// <param name="outputStep">Bytes from one output pixel's codes to the next one's.</param>
    /// <param name="spec">The layer: its epilogue.</param>
    public static MachineTile Tile(string name, LaneTileShape shape, int? units, int inputStep, int outputStep, LayerSpec spec)
    {
        var c = new Assembler(64);
        int blocks = shape.Blocks;
        int pixels = shape.Pixels;
        AssemblerRegisterZMM[] weights = [zmm0, zmm1];
        AssemblerRegister64[] w = [r9, r10];

        // System V passes the call in rdi, Win64 in rcx: its entry lies 3 bytes on.
        c.mov(rcx, rdi);
        Label tile = c.CreateLabel();
        c.Label(ref tile);
        c.mov(rdx, __[rcx + Block]);
        for (int b = 0; b < blocks; b++)
        {
            c.mov(rax, __[rdx + (b * BlockBytes + Start)]);
            c.vmovdqu32(Accumulators[b], __[rax]);
            c.mov(w[b], __[rdx + (b * BlockBytes + Weights)]);
        }

        for (int p = 1; p < pixels; p++)
        {
            for (int b = 0; b < blocks; b++)
            {
                c.vmovdqa32(Accumulators[p * blocks + b], Accumulators[b]);
            }
        }

        Label step = c.CreateLabel();
        Label done = c.CreateLabel();
        c.mov(r8, __[rcx + Steps]);
        c.mov(r11, __[rcx + Count]);
        c.test(r11, r11);
        c.je(done);
        c.Label(ref step);
        c.mov(rax, __[r8]);
        c.add(rax, __[rcx + X]);
        EmitUnits();
        c.add(r8, 8);
        c.dec(r11);
        c.jne(step);
        c.Label(ref done);
        EmitEpilogue();
        c.add(__qword_ptr[rcx + X], pixels * inputStep);
        c.add(__qword_ptr[rcx + Output], pixels * outputStep);
        c.dec(__qword_ptr[rcx + Tiles]);
        c.jne(tile);
        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble(name, c);

        void EmitUnits()
        {
            if (TilePlan.SpelledUnits(units) == units)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    EmitUnit(unit);
                }

                AdvanceWeights(units.Value);
                return;
            }

            // Two units a round hide the loop, where their number is known; an odd one comes first.
            int round = units is null ? 1 : 2;
            if (units is int count)
            {
                if (count % 2 == 1)
                {
                    EmitUnit(0);
                    Advance(1);
                }

                c.mov(edx, count / 2);
            }
            else
            {
                c.mov(rdx, __[rcx + Units]);
            }

            Label loop = c.CreateLabel();
            c.Label(ref loop);
            for (int unit = 0; unit < round; unit++)
            {
                EmitUnit(unit);
            }

            Advance(round);
            c.dec(edx);
            c.jne(loop);
        }

        void EmitUnit(int unit)
        {
            for (int b = 0; b < blocks; b++)
            {
                c.vmovdqu32(weights[b], __[w[b] + unit * 64]);
            }

            for (int p = 0; p < pixels; p++)
            {
                AssemblerRegisterZMM x = Broadcasts[p % Broadcasts.Length];
                if (shape.IsDepthwise)
                {
                    c.vmovdqu32(x, __[rax + (p * inputStep + unit * 64)]);
                }
                else
                {
                    c.vpbroadcastd(x, __dword_ptr[rax + (p * inputStep + unit * 4)]);
                }

                for (int b = 0; b < blocks; b++)
                {
                    c.vpdpbusd(Accumulators[p * blocks + b], x, weights[b]);
                }
            }
        }

        void Advance(int count)
        {
            c.add(rax, (shape.IsDepthwise ? 64 : 4) * count);
            AdvanceWeights(count);
        }

        void AdvanceWeights(int count)
        {
            for (int b = 0; b < blocks; b++)
            {
                c.add(w[b], 64 * count);
            }
        }

        void EmitEpilogue()
        {
            var epilogue = new EpilogueAssembler(c, spec);
            c.mov(rdx, __[rcx + Block]);
            AssemblerRegister64[] bias = [r8, r10];
            AssemblerRegister64[] multiplier = [r9, r11];
            for (int b = 0; b < blocks; b++)
            {
                c.mov(bias[b], __[rdx + (b * BlockBytes + Bias)]);
                if (!spec.IsFused)
                {
                    c.mov(multiplier[b], __[rdx + (b * BlockBytes + Multiplier)]);
                }
            }

            c.mov(rdx, __[rcx + Epilogue]);
            epilogue.LoadScalars(rdx);
            AssemblerRegisterZMM order = EpilogueAssembler.Free[0];
            epilogue.LoadLaneOrder(order, rdx);
            c.mov(rax, __[rcx + Output]);
            AssemblerRegister64 second = r9;
            if (spec.HasSecond)
            {
                c.mov(second, __[rdx + EpilogueAssembler.Second]);
                c.add(second, rax);
            }

            if (spec.IsFused)
            {
                epilogue.LoadConstants(rdx, rdx);
            }

            if (shape.IsPartial)
            {
                c.kmovq(k2, __qword_ptr[rcx + Mask]);
            }

            for (int first = 0; first < pixels * blocks; first += 4)
            {
                AssemblerRegisterZMM[] group = [.. Accumulators.Skip(first).Take(Math.Min(4, pixels * blocks - first))];
                for (int i = 0; i < group.Length; i++)
                {
                    int b = (first + i) % blocks;
                    if (spec.IsFused)
                    {
                        // All constants of a block's channels lie behind its bias, a vector each.
                        AssemblerMemoryOperand codes = __xmmword_ptr[second + ((first + i) / blocks * outputStep + b * 16)];
                        epilogue.Fuse(group[i], rdx, array => __[bias[b] + array * 64], x => LoadSecond(x, codes, b));
                    }
                    else
                    {
                        epilogue.Requantize(group[i], __[bias[b]], __[multiplier[b]]);
                    }
                }

                // From 4 channels of each accumulator in turn to all 16 of one after the other.
                epilogue.Pack(group);
                c.vpermd(group[0], order, group[0]);
                for (int i = 0; i < group.Length; i += blocks)
                {
                    EmitStore(group[0], i, (first + i) / blocks);
                }
            }
        }

        // Codes that are not stored may lie outside the second input: those are not read.
        void LoadSecond(AssemblerRegisterZMM target, AssemblerMemoryOperand codes, int b)
        {
            if (!shape.IsPartial || b < blocks - 1)
            {
                c.vpmovzxbd(target, codes);
                return;
            }

            if (blocks == 2)
            {
                c.kshiftrq(k1, k2, 16);
                c.vpmovzxbd(target.k1.z, codes);
                return;
            }

            c.vpmovzxbd(target.k2.z, codes);
        }

        // The codes of a pixel: 16 or 32 bytes of a vector, from the i-th 16 on.
        void EmitStore(AssemblerRegisterZMM codes, int i, int pixel)
        {
            AssemblerMemoryOperand target = __[rax + pixel * outputStep];
            AssemblerRegisterZMM part = EpilogueAssembler.Free[1];
            if (blocks == 2)
            {
                AssemblerRegisterYMM half = Registers.Half(i == 0 ? codes : part);
                if (i > 0)
                {
                    c.vextracti64x4(half, codes, 1);
                }

                if (shape.IsPartial)
                {
                    c.vmovdqu8(target.k2, half);
                }
                else
                {
                    c.vmovdqu32(target, half);
                }

                return;
            }

            AssemblerRegisterXMM quarter = Registers.Quarter(i == 0 ? codes : part);
            if (i > 0)
            {
                c.vextracti32x4(quarter, codes, (sbyte)i);
            }

            if (shape.IsPartial)
            {
                c.vmovdqu8(target.k2, quarter);
            }
            else
            {
                c.vmovdqu32(target, quarter);
            }
        }
    }
}
