using System;
using System.Runtime.Intrinsics;
using Kernels.Generic;

namespace Kernels.Execution;

/// <summary>Runs a join on the widest vectors there are, on several threads where there are many codes.</summary>
internal abstract class CodeJoiner
{
    /// <summary>The joiner of a join.</summary>
    public static CodeJoiner Of<TJoin>()
        where TJoin : struct, ICodeJoin => CodeJoiner<TJoin>.Instance;

    /// <summary>Joins codes with codes. The output may be the memory of the first ones.</summary>
    public abstract void Pairs(JoinConstants constants, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output, LaneTier tier);

    /// <summary>Joins codes with patterns of constants, the first code with the first one. The output may be the memory of the codes.</summary>
    public abstract void Constants(
        JoinConstants constants, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts, int period, Span<byte> output, LaneTier tier);
}

/// <inheritdoc/>
internal sealed unsafe class CodeJoiner<TJoin> : CodeJoiner
    where TJoin : struct, ICodeJoin
{
    // Codes that a thread claims at once: a multiple of every block.
    private const int Chunk = 16384;

    // Multiply-accumulates that a code costs as much as, for the choice of threads.
    private const int Work = 16;

    public static CodeJoiner<TJoin> Instance { get; } = new();

    public override void Pairs(JoinConstants constants, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output, LaneTier tier)
    {
        fixed (byte* x = first, y = second, to = output)
        {
            RowTeam<Chunks>.Run(new Chunks(constants, x, y, null, null, 0, to, output.Length, tier), (output.Length + Chunk - 1) / Chunk, KernelThreads.For((long)output.Length * Work));
        }
    }

    public override void Constants(
        JoinConstants constants, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts, int period, Span<byte> output, LaneTier tier)
    {
        fixed (byte* x = codes, to = output)
        fixed (float* y = scales, z = shifts)
        {
            RowTeam<Chunks>.Run(new Chunks(constants, x, null, y, z, period, to, output.Length, tier), (output.Length + Chunk - 1) / Chunk, KernelThreads.For((long)output.Length * Work));
        }
    }

    /// <summary>Joins codes with codes on the calling thread.</summary>
    public static void Pairs(LaneTier tier, JoinConstants constants, byte* x, byte* y, int phase, byte* to, int count)
    {
        switch (tier)
        {
            case LaneTier.Vector512:
                CodeJoinKernel<CodeLanes512, Vector512<float>, Vector512<int>, TJoin>.Pairs(constants, x, y, phase, to, count);
                break;
            case LaneTier.Vector256:
                CodeJoinKernel<CodeLanes256, Vector256<float>, Vector256<int>, TJoin>.Pairs(constants, x, y, phase, to, count);
                break;
            case LaneTier.Vector128:
                CodeJoinKernel<CodeLanes128, Vector128<float>, Vector128<int>, TJoin>.Pairs(constants, x, y, phase, to, count);
                break;
            default:
                CodeJoinKernel<CodeLanesScalar, float, int, TJoin>.Pairs(constants, x, y, phase, to, count);
                break;
        }
    }

    /// <summary>Joins codes with constants of their channels on the calling thread, the first code with the constant at the phase.</summary>
    public static void Constants(LaneTier tier, JoinConstants constants, byte* x, float* scales, float* shifts, int period, int phase, int stepPhase, byte* to, int count)
    {
        switch (tier)
        {
            case LaneTier.Vector512:
                CodeJoinKernel<CodeLanes512, Vector512<float>, Vector512<int>, TJoin>.Constants(constants, x, scales, shifts, period, phase, stepPhase, to, count);
                break;
            case LaneTier.Vector256:
                CodeJoinKernel<CodeLanes256, Vector256<float>, Vector256<int>, TJoin>.Constants(constants, x, scales, shifts, period, phase, stepPhase, to, count);
                break;
            case LaneTier.Vector128:
                CodeJoinKernel<CodeLanes128, Vector128<float>, Vector128<int>, TJoin>.Constants(constants, x, scales, shifts, period, phase, stepPhase, to, count);
                break;
            default:
                CodeJoinKernel<CodeLanesScalar, float, int, TJoin>.Constants(constants, x, scales, shifts, period, phase, stepPhase, to, count);
                break;
        }
    }

    private readonly struct Chunks(JoinConstants constants, byte* first, byte* second, float* scales, float* shifts, int period, byte* output, int length, LaneTier tier) : IRowKernel
    {
        public void Run(int from, int end)
        {
            int start = from * Chunk;
            int count = (int)Math.Min((long)end * Chunk, length) - start;
            byte* x = first + start;
            byte* to = output + start;
            if (second is not null)
            {
                CodeJoiner<TJoin>.Pairs(tier, constants, x, second + start, StepPhase(start), to, count);
            }
            else
            {
                CodeJoiner<TJoin>.Constants(tier, constants, x, scales, shifts, period, start % period, StepPhase(start), to, count);
            }
        }

        private int StepPhase(int start) => constants.Steps is { } steps ? start % steps.Period : 0;
    }
}
