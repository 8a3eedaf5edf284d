using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Generic;

namespace Kernels.Execution;

/// <summary>Turns sums of codes into codes of their means: <c>round_half_even((sum - less) * multiplier) + zero point</c>, saturated.</summary>
internal static unsafe class MeanKernel<TLanes, TFloat, TInt>
    where TLanes : struct, ICodeLanes<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    /// <summary>Sums of 16 or of 32 bits.</summary>
    /// <param name="constants">The layer.</param>
    /// <param name="words">Sums of 16 bits, with a block's room behind them; null for the others.</param>
    /// <param name="numbers">Sums of 32 bits, with a block's room behind them.</param>
    /// <param name="less">What zero points contribute to a sum.</param>
    /// <param name="multiplier">From sums to steps of the output, or to real units where functions follow.</param>
    /// <param name="output">Receives the codes.</param>
    /// <param name="count">Their number, from channel 0 on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(MeanConstants constants, ushort* words, int* numbers, int less, float multiplier, byte* output, int count)
    {
        TInt offset = TLanes.All(less);
        TFloat factor = TLanes.All(multiplier);
        TFloat inverseScale = TLanes.All(1f / constants.Output.Scale);
        CodeSteps? steps = constants.Steps;
        int zeroPoint = constants.Output.ZeroPoint;
        bool mayOverflow = constants.MayOverflow;
        int lanes = TLanes.Count;
        int phase = 0;
        float* values = stackalloc float[ChannelPattern.Block];
        byte* rest = stackalloc byte[ChannelPattern.Block];
        for (int i = 0; i < count; i += 4 * lanes)
        {
            TFloat a;
            TFloat b;
            TFloat c;
            TFloat d;
            if (words is not null)
            {
                a = TLanes.Load(words + i, offset);
                b = TLanes.Load(words + i + lanes, offset);
                c = TLanes.Load(words + i + 2 * lanes, offset);
                d = TLanes.Load(words + i + 3 * lanes, offset);
            }
            else
            {
                a = TLanes.Load(numbers + i, offset);
                b = TLanes.Load(numbers + i + lanes, offset);
                c = TLanes.Load(numbers + i + 2 * lanes, offset);
                d = TLanes.Load(numbers + i + 3 * lanes, offset);
            }

            a = TLanes.Multiply(a, factor);
            b = TLanes.Multiply(b, factor);
            c = TLanes.Multiply(c, factor);
            d = TLanes.Multiply(d, factor);
            if (steps is not null)
            {
                TLanes.Store(a, values);
                TLanes.Store(b, values + lanes);
                TLanes.Store(c, values + 2 * lanes);
                TLanes.Store(d, values + 3 * lanes);
                steps.Run<TLanes, TFloat, TInt>(values, phase);
                a = TLanes.Multiply(TLanes.Load(values), inverseScale);
                b = TLanes.Multiply(TLanes.Load(values + lanes), inverseScale);
                c = TLanes.Multiply(TLanes.Load(values + 2 * lanes), inverseScale);
                d = TLanes.Multiply(TLanes.Load(values + 3 * lanes), inverseScale);
                phase += 4 * lanes;
                phase = phase >= steps.Period ? phase - steps.Period : phase;
            }

            if (mayOverflow)
            {
                a = InRange(a);
                b = InRange(b);
                c = InRange(c);
                d = InRange(d);
            }

            if (i + 4 * lanes <= count)
            {
                TLanes.Store(a, b, c, d, zeroPoint, 0, output + i);
            }
            else
            {
                TLanes.Store(a, b, c, d, zeroPoint, 0, rest);
                Unsafe.CopyBlockUnaligned(output + i, rest, (uint)(count - i));
            }
        }
    }

    // NaN counts as 0, as in the quantizer; no output has more than 255 steps either way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat InRange(TFloat x) => TLanes.Min(TLanes.Max(TLanes.NumberOrZero(x), TLanes.All(-256f)), TLanes.All(256f));
}

/// <summary>Runs the kernel of a tier.</summary>
internal static unsafe class MeanKernel
{
    /// <inheritdoc cref="MeanKernel{TLanes, TFloat, TInt}.Run"/>
    public static void Run(MeanConstants constants, ushort* words, int* numbers, int less, float multiplier, byte* output, int count)
    {
        switch (constants.Tier)
        {
            case LaneTier.Vector512:
                MeanKernel<CodeLanes512, Vector512<float>, Vector512<int>>.Run(constants, words, numbers, less, multiplier, output, count);
                break;
            case LaneTier.Vector256:
                MeanKernel<CodeLanes256, Vector256<float>, Vector256<int>>.Run(constants, words, numbers, less, multiplier, output, count);
                break;
            case LaneTier.Vector128:
                MeanKernel<CodeLanes128, Vector128<float>, Vector128<int>>.Run(constants, words, numbers, less, multiplier, output, count);
                break;
            default:
                MeanKernel<CodeLanesScalar, float, int>.Run(constants, words, numbers, less, multiplier, output, count);
                break;
        }
    }
}
