using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// The dot tile of a ChannelLanes kernel in machine code: accumulators of pixels x blocks of 16 channels, one
/// vpdpbusd a step, left as int32 in memory for the C# epilogue, which costs little against all steps and channels.
/// Uses only registers that are volatile on System V and on Win64 (zmm0-5, zmm16-31), no stack, and reads what the
/// C# tile reads.
/// </summary>
internal static class LaneAssembler
{
    // Offsets in Kernels.Execution.LaneCall.
    private const int Steps = 0;
    private const int X = 8;
    private const int Sums = 16;
    private const int Weights = 24;
    private const int Start = 40;
    private const int Count = 56;

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm2, zmm3, zmm4, zmm5];

    /// <summary>Assembles a tile.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="pixels">Output pixels.</param>
    /// <param name="blocks">Blocks of 16 lanes: 1 or 2.</param>
    /// <param name="units">Units of 4 input channels.</param>
    /// <param name="inputStep">Bytes from one output pixel's input to the next one's.</param>
    public static MachineTile Tile(string name, int pixels, int blocks, int units, int inputStep)
    {
        var c = new Assembler(64);
        AssemblerRegisterZMM[] weights = [zmm0, zmm1];
        AssemblerRegister64[] w = [r9, r10];

        // System V passes the call in rdi, Win64 in rcx: its entry lies 3 bytes on.
        c.mov(rcx, rdi);
        for (int b = 0; b < blocks; b++)
        {
            c.mov(rax, __[rcx + (Start + 8 * b)]);
            c.vmovdqu32(Accumulators[b], __[rax]);
            c.mov(w[b], __[rcx + (Weights + 8 * b)]);
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
        c.mov(rax, __[rcx + Sums]);
        for (int a = 0; a < pixels * blocks; a++)
        {
            c.vmovdqu32(__[rax + a * 64], Accumulators[a]);
        }

        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble(name, c);

        void EmitUnits()
        {
            // Two units a round hide the loop; an odd one comes first.
            if (units % 2 == 1)
            {
                EmitUnit(0);
                Advance(1);
            }

            if (units >= 2)
            {
                Label loop = c.CreateLabel();
                c.mov(edx, units / 2);
                c.Label(ref loop);
                EmitUnit(0);
                EmitUnit(1);
                Advance(2);
                c.dec(edx);
                c.jne(loop);
            }
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
                c.vpbroadcastd(x, __dword_ptr[rax + (p * inputStep + unit * 4)]);
                for (int b = 0; b < blocks; b++)
                {
                    c.vpdpbusd(Accumulators[p * blocks + b], x, weights[b]);
                }
            }
        }

        void Advance(int count)
        {
            c.add(rax, 4 * count);
            for (int b = 0; b < blocks; b++)
            {
                c.add(w[b], 64 * count);
            }
        }
    }
}
