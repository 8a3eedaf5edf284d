using System.Linq;
using Iced.Intel;
using Kernels.Generators.Planning;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// The dot tile of a PixelLanes kernel in machine code: one vpdpbusd a step. Conventions as in <see cref="LaneAssembler"/>.
/// </summary>
internal static class PixelAssembler
{
    // Offsets in Kernels.Execution.PixelCall.
    private const int Rows = 0;
    private const int X = 8;
    private const int Sums = 16;
    private const int Weights = 24;
    private const int Start = 32;
    private const int Plane = 40;

    /// <summary>Accumulators that the registers hold.</summary>
    public const int MostAccumulators = 16;

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    private static readonly AssemblerRegisterZMM[] Inputs = [zmm0, zmm1, zmm2, zmm3, zmm4];

    private static readonly AssemblerRegisterZMM Weight = zmm5;

    /// <summary>Assembles a tile.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="phases">Horizontal phases.</param>
    /// <param name="width">Vectors of 16 pixels.</param>
    /// <param name="units">Units of 4 input channels.</param>
    public static MachineTile Tile(string name, PixelPanelPlan panel, int phases, int width, int units)
    {
        var c = new Assembler(64);
        int accumulators = phases * panel.Channels;
        c.mov(rcx, rdi);
        c.mov(rax, __[rcx + Start]);
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
            c.mov(r9, __[rcx + Weights]);
            c.mov(r10, __[rcx + Plane]);
            c.mov(r11, __[rcx + X]);
            c.mov(edx, units);
            c.Label(ref loop);
            int dots = 0;
            int input = 0;
            foreach (IGrouping<int, PixelStep> row in panel.Steps.GroupBy(step => step.Row))
            {
                c.mov(rax, __[r8 + row.Key * panel.Vertical.Step * 8]);
                c.add(rax, r11);
                foreach (PixelStep step in row)
                {
                    EmitStep(step, ref input, ref dots);
                }
            }

            c.add(r11, r10);
            c.add(r9, dots * 4);
            c.dec(edx);
            c.jne(loop);
        }

        c.mov(rax, __[rcx + Sums]);
        for (int a = 0; a < width * accumulators; a++)
        {
            c.vmovdqu32(__[rax + a * 64], Accumulators[a]);
        }

        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble(name, c);

        void EmitStep(PixelStep step, ref int input, ref int dots)
        {
            int first = input;
            for (int v = 0; v < width; v++, input++)
            {
                c.vmovdqu32(Inputs[input % Inputs.Length], __[rax + (step.Column * 4 + v * 64)]);
            }

            for (int phase = 0; phase < phases; phase++)
            {
                for (int channel = 0; channel < panel.Channels && step.Taps[phase] >= 0; channel++, dots++)
                {
                    int accumulator = phase * panel.Channels + channel;
                    AssemblerMemoryOperand weight = __dword_ptr[r9 + dots * 4];
                    if (width > 1)
                    {
                        // One load for all vectors of pixels: a broadcast inside vpdpbusd would be one each.
                        c.vpbroadcastd(Weight, weight);
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
    }
}
