using System;
using Iced.Intel;
using Kernels.Generators.Specs;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// The epilogue in machine code: accumulators of 16 lanes to codes, by the formula of Kernels.Quantization.Requantizer, each step
/// rounded as there. Saturating packs do what that formula's clamp to 0 and 255 does, since packing has proved that no value leaves
/// int32; narrower bounds of an activation follow on bytes, 64 at a time.
/// </summary>
/// <param name="c">Receives the code.</param>
/// <param name="activation">The layer's activation.</param>
internal sealed class EpilogueAssembler(Assembler c, ActivationKind activation)
{
    // Offsets in Kernels.Execution.EpilogueScalars.
    private const int NegativeSlope = 8;
    private const int LaneOrder = 16;
    private const int ZeroPointWords = 32;
    private const int LowestCodes = 36;
    private const int HighestCodes = 40;

    private static readonly AssemblerRegisterZMM ZeroPoint = zmm0;

    private static readonly AssemblerRegisterZMM Lowest = zmm1;

    private static readonly AssemblerRegisterZMM Highest = zmm2;

    private static readonly AssemblerRegisterZMM Slope = zmm1;

    private static readonly AssemblerRegisterZMM Zero = zmm2;

    /// <summary>Registers that the epilogue leaves alone.</summary>
    public static readonly AssemblerRegisterZMM[] Free = [zmm3, zmm4, zmm5];

    /// <summary>Loads what all lanes share.</summary>
    /// <param name="scalars">Address of the scalars.</param>
    public void LoadScalars(AssemblerRegister64 scalars)
    {
        c.vpbroadcastd(ZeroPoint, __dword_ptr[scalars + ZeroPointWords]);
        switch (activation)
        {
            case ActivationKind.LeakyRelu:
                c.vbroadcastss(Slope, __dword_ptr[scalars + NegativeSlope]);
                c.vpxord(Zero, Zero, Zero);
                break;
            case ActivationKind.Relu6:
                c.vpbroadcastd(Lowest, __dword_ptr[scalars + LowestCodes]);
                c.vpbroadcastd(Highest, __dword_ptr[scalars + HighestCodes]);
                break;
            case ActivationKind.Relu:
                c.vpbroadcastd(Lowest, __dword_ptr[scalars + LowestCodes]);
                break;
        }
    }

    /// <summary>
    /// Loads the order that turns 4 channels of each of 4 packed accumulators into all 16 of one after the other, when lanes are
    /// channels.
    /// </summary>
    /// <param name="order">Receives the order, for vpermd.</param>
    /// <param name="scalars">Address of the scalars.</param>
    public void LoadLaneOrder(AssemblerRegisterZMM order, AssemblerRegister64 scalars) => c.vpmovzxbd(order, __xmmword_ptr[scalars + LaneOrder]);

    /// <summary>An accumulator to int32 steps from the zero point.</summary>
    /// <param name="sum">The accumulator, and the result.</param>
    /// <param name="bias">Bias of its lanes, or of all of them.</param>
    /// <param name="multiplier">Multiplier of its lanes, or of all of them.</param>
    public void Requantize(AssemblerRegisterZMM sum, AssemblerMemoryOperand bias, AssemblerMemoryOperand multiplier)
    {
        c.vcvtdq2ps(sum, sum);
        c.vaddps(sum, sum, bias);
        c.vmulps(sum, sum, multiplier);
        Round(sum);
    }

    /// <summary>The same where bias and multiplier are in registers.</summary>
    /// <param name="sum">The accumulator, and the result.</param>
    /// <param name="bias">Bias of its lanes.</param>
    /// <param name="multiplier">Multiplier of its lanes.</param>
    public void Requantize(AssemblerRegisterZMM sum, AssemblerRegisterZMM bias, AssemblerRegisterZMM multiplier)
    {
        c.vcvtdq2ps(sum, sum);
        c.vaddps(sum, sum, bias);
        c.vmulps(sum, sum, multiplier);
        Round(sum);
    }

    private void Round(AssemblerRegisterZMM sum)
    {
        if (activation == ActivationKind.LeakyRelu)
        {
            c.vcmpltps(k1, sum, Zero);
            c.vmulps(sum.k1, sum, Slope);
        }

        c.vcvtps2dq(sum, sum);
    }

    /// <summary>
    /// 4 accumulators to bytes, in the register of the first: each lane of 16 bytes has 4 codes of the first, 4 of the second, and
    /// so on. With fewer accumulators the rest holds anything.
    /// </summary>
    /// <param name="sums">1 to 4 accumulators of steps from the zero point.</param>
    public void Pack(params AssemblerRegisterZMM[] sums)
    {
        AssemblerRegisterZMM first = sums[0];
        c.vpackssdw(first, first, sums[Math.Min(1, sums.Length - 1)]);
        c.vpaddsw(first, first, ZeroPoint);
        AssemblerRegisterZMM second = first;
        if (sums.Length > 2)
        {
            second = sums[2];
            c.vpackssdw(second, second, sums[sums.Length - 1]);
            c.vpaddsw(second, second, ZeroPoint);
        }

        c.vpackuswb(first, first, second);
        if (activation is ActivationKind.Relu or ActivationKind.Relu6)
        {
            c.vpmaxub(first, first, Lowest);
        }

        if (activation == ActivationKind.Relu6)
        {
            c.vpminub(first, first, Highest);
        }
    }
}
