using System;
using Iced.Intel;
using Kernels.Fusion;
using Kernels.Generators.Specs;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Emission;

/// <summary>
/// The epilogue in machine code: accumulators of 16 lanes to codes, by the formula of Kernels.Quantization.Requantizer, each step
/// rounded as there. Saturating packs do what that formula's clamp to 0 and 255 does, since packing has proved that no value leaves
/// int32; narrower bounds of an activation follow on bytes, 64 at a time.
/// </summary>
/// <param name="c">Receives the code.</param>
/// <param name="spec">The layer.</param>
internal sealed class EpilogueAssembler(Assembler c, LayerSpec spec)
{
    // Offsets in Kernels.Execution.EpilogueScalars.
    private const int NegativeSlope = 8;
    private const int LaneOrder = 16;
    private const int ZeroPointWords = 32;
    private const int LowestCodes = 36;
    private const int HighestCodes = 40;
    private const int Constants = 48;

    /// <summary>Offset in Kernels.Execution.EpilogueScalars of the way from an output code to the second input's.</summary>
    public const int Second = 56;

    /// <summary>Offset in Kernels.Execution.EpilogueScalars of the table of the second input's planes.</summary>
    public const int SecondPlanes = 64;

    private static readonly AssemblerRegisterZMM ZeroPoint = zmm0;

    private static readonly AssemblerRegisterZMM Lowest = zmm1;

    private static readonly AssemblerRegisterZMM Highest = zmm2;

    private static readonly AssemblerRegisterZMM Slope = zmm1;

    private static readonly AssemblerRegisterZMM Zero = zmm2;

    // Of a fused epilogue, in turns, so that neighbouring accumulators do not wait for each other's names.
    private static readonly AssemblerRegisterZMM[] Temporaries = [zmm1, zmm5];

    private int _next;

    /// <summary>Registers that the epilogue leaves alone between accumulators.</summary>
    public static readonly AssemblerRegisterZMM[] Free = [zmm3, zmm4];

    /// <summary>Zeros, while a fused epilogue runs.</summary>
    public static readonly AssemblerRegisterZMM FusedZero = Zero;

    private AssemblerRegisterZMM Temporary => Temporaries[_next++ % Temporaries.Length];

    /// <summary>Loads what all lanes share.</summary>
    /// <param name="scalars">Address of the scalars.</param>
    public void LoadScalars(AssemblerRegister64 scalars)
    {
        c.vpbroadcastd(ZeroPoint, __dword_ptr[scalars + ZeroPointWords]);
        if (spec.IsFused)
        {
            c.vpxord(Zero, Zero, Zero);
            return;
        }

        switch (spec.Activation)
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

    /// <summary>Loads the address of a fused epilogue's constants.</summary>
    /// <param name="constants">Receives the address; may be the register of the scalars.</param>
    /// <param name="scalars">Address of the scalars.</param>
    public void LoadConstants(AssemblerRegister64 constants, AssemblerRegister64 scalars) => c.mov(constants, __[scalars + Constants]);

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
        if (spec.Activation == ActivationKind.LeakyRelu)
        {
            c.vcmpltps(k1, sum, Zero);
            c.vmulps(sum.k1, sum, Slope);
        }

        c.vcvtps2dq(sum, sum);
    }

    /// <summary>An accumulator through the functions of a fused epilogue, to int32 steps from the zero point.</summary>
    /// <param name="sum">The accumulator, and the result.</param>
    /// <param name="constants">Address of the constants that all channels share.</param>
    /// <param name="channels">Constants of the lanes' channels: bias, multiplier, scale and shift of each ChannelAffine, 1 / output scale.</param>
    /// <param name="loadSecond">Emits the load of 16 codes of the second input, widened to int32.</param>
    public void Fuse(AssemblerRegisterZMM sum, AssemblerRegister64 constants, Func<int, AssemblerMemoryOperand> channels, Action<AssemblerRegisterZMM> loadSecond)
    {
        c.vcvtdq2ps(sum, sum);
        c.vaddps(sum, sum, channels(0));
        c.vmulps(sum, sum, channels(1));
        int place = EpilogueProgram.First;
        int array = 2;
        foreach (FusedFunction function in spec.Epilogue)
        {
            place++;
            switch (function)
            {
                case FusedFunction.Relu:
                    c.vmaxps(sum, sum, Zero);
                    break;
                case FusedFunction.Relu6:
                    Relu6(sum);
                    break;
                case FusedFunction.LeakyRelu:
                    c.vcmpltps(k1, sum, Zero);
                    c.vmulps(sum.k1, sum, Constant(place));
                    break;
                case FusedFunction.HardSwish:
                    AssemblerRegisterZMM factor = Temporary;
                    c.vaddps(factor, sum, Constant(EpilogueProgram.Three));
                    Relu6(factor);
                    c.vmulps(sum, sum, factor);
                    DivideBySix(sum);
                    break;
                case FusedFunction.HardSigmoid:
                    c.vaddps(sum, sum, Constant(EpilogueProgram.Three));
                    Relu6(sum);
                    DivideBySix(sum);
                    break;
                case FusedFunction.Clip:
                    c.vmaxps(sum, sum, Constant(place));
                    c.vminps(sum, sum, Constant(place + 1));
                    break;
                case FusedFunction.Affine:
                    c.vmulps(sum, sum, Constant(place));
                    c.vaddps(sum, sum, Constant(place + 1));
                    break;
                case FusedFunction.ChannelAffine:
                    c.vmulps(sum, sum, channels(array));
                    c.vaddps(sum, sum, channels(array + 1));
                    array += 2;
                    break;
                case FusedFunction.Add:
                    AssemblerRegisterZMM second = Temporary;
                    loadSecond(second);
                    c.vpsubd(second, second, Constant(place + 1));
                    c.vcvtdq2ps(second, second);
                    c.vmulps(second, second, Constant(place));
                    c.vaddps(sum, sum, second);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(spec), function, "No function of an epilogue.");
            }

            place += EpilogueProgram.Constants(function);
        }

        c.vmulps(sum, sum, channels(array));
        c.vcvtps2dq(sum, sum);

        AssemblerMemoryOperand Constant(int at) => __dword_bcst[constants + at * 4];

        void Relu6(AssemblerRegisterZMM x)
        {
            c.vmaxps(x, x, Zero);
            c.vminps(x, x, Constant(EpilogueProgram.Six));
        }

        // q = x * (1/6); q + (x - 6 q) * (1/6): the rounded quotient, as packing proves (Kernels.Packing.SixthByProducts). A division takes 10 to 24 cycles.
        void DivideBySix(AssemblerRegisterZMM x)
        {
            AssemblerRegisterZMM quotient = Temporary;
            c.vmulps(quotient, x, Constant(EpilogueProgram.Sixth));
            c.vfnmadd231ps(x, quotient, Constant(EpilogueProgram.Six));
            c.vfmadd132ps(x, quotient, Constant(EpilogueProgram.Sixth));
        }
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
        if (spec.Activation is ActivationKind.Relu or ActivationKind.Relu6)
        {
            c.vpmaxub(first, first, Lowest);
        }

        if (spec.Activation == ActivationKind.Relu6)
        {
            c.vpminub(first, first, Highest);
        }
    }
}
