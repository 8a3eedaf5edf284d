using Iced.Intel;
using Kernels.Execution;
using Kernels.Generators.Emission;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Bench.Timing;

/// <summary>
/// The peak loop of 512-bit vpdpbusd: machine code, as in the kernels that are held against it, and mapped by the runtime like
/// theirs, so that it is there whenever they run.
/// </summary>
internal static unsafe class PeakRoutine
{
    /// <summary>Dot steps for each load. Independent of each other, and more than two ports x 5 cycles of latency ask for.</summary>
    public const int Accumulators = 16;

    private static readonly MachineCode Code = MachineCode.Load(Assemble().Bytes);

    /// <summary>Whether this process can run it.</summary>
    public static bool IsSupported => Code.IsAvailable;

    /// <summary>Runs the loop.</summary>
    /// <param name="operands">64 bytes for each of <see cref="PeakLoop.Loads"/> loads.</param>
    public static void Run(byte* operands) => ((delegate* unmanaged[SuppressGCTransition]<byte*, void>)Code.Entry(0))(operands);

    // Registers that are volatile on System V and on Win64, as in the kernels.
    private static MachineTile Assemble()
    {
        var c = new Assembler(64);
        AssemblerRegisterZMM[] sums = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

        // System V passes the operands in rdi, Win64 in rcx: its entry lies 3 bytes on.
        c.mov(rcx, rdi);
        foreach (AssemblerRegisterZMM sum in sums)
        {
            c.vpxord(sum, sum, sum);
        }

        c.vmovdqu32(zmm0, __[rcx]);
        c.mov(eax, PeakLoop.Repeats);
        Label round = c.CreateLabel();
        c.Label(ref round);
        for (int load = 0; load < PeakLoop.Loads; load++)
        {
            c.vmovdqu32(zmm1, __[rcx + load * 64]);
            for (int a = 0; a < Accumulators; a++)
            {
                c.vpdpbusd(sums[a], zmm0, zmm1);
            }
        }

        c.dec(eax);
        c.jne(round);
        c.vzeroupper();
        c.ret();
        return MachineTile.Assemble("Peak", c);
    }
}
