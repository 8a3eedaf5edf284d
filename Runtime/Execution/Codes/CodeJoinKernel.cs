using System.Runtime.CompilerServices;

namespace Kernels.Execution;

/// <summary>Joins codes in blocks of four vectors; what is left goes through a block of its own. The output may be the memory of the first codes.</summary>
internal static unsafe class CodeJoinKernel<TLanes, TFloat, TInt, TJoin>
    where TLanes : struct, ICodeLanes<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
    where TJoin : struct, ICodeJoin
{
    /// <summary>Codes with codes, of which the first one stands at a phase of the steps' constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pairs(JoinConstants constants, byte* first, byte* second, int phase, byte* output, int count)
    {
        TInt xZero = TLanes.All(constants.First.ZeroPoint);
        TInt yZero = TLanes.All(constants.Second.ZeroPoint);
        TFloat xScale = TLanes.All(constants.First.Scale);
        TFloat yScale = TLanes.All(constants.Second.Scale);
        TFloat multiplier = TLanes.All(constants.Multiplier);
        TFloat none = TLanes.All(0f);
        int zeroPoint = constants.Output.ZeroPoint;
        byte lowest = constants.Lowest;
        bool mayOverflow = constants.MayOverflow;
        int lanes = TLanes.Count;
        CodeSteps? steps = constants.Steps;
        TFloat inverseScale = TLanes.All(1f / constants.Output.Scale);
        float* values = stackalloc float[ChannelPattern.Block];
        byte* rest = stackalloc byte[2 * ChannelPattern.Block];
        byte* target = output;
        while (count > 0)
        {
            if (count < 4 * lanes)
            {
                Unsafe.CopyBlockUnaligned(rest, first, (uint)count);
                Unsafe.CopyBlockUnaligned(rest + ChannelPattern.Block, second, (uint)count);
                first = rest;
                second = rest + ChannelPattern.Block;
                target = rest;
            }

            TFloat a = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first, xZero), TLanes.Load(second, yZero), none, xScale, yScale, multiplier);
            TFloat b = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + lanes, xZero), TLanes.Load(second + lanes, yZero), none, xScale, yScale, multiplier);
            TFloat c = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + 2 * lanes, xZero), TLanes.Load(second + 2 * lanes, yZero), none, xScale, yScale, multiplier);
            TFloat d = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + 3 * lanes, xZero), TLanes.Load(second + 3 * lanes, yZero), none, xScale, yScale, multiplier);
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

            TLanes.Store(a, b, c, d, zeroPoint, lowest, target);
            if (count < 4 * lanes)
            {
                Unsafe.CopyBlockUnaligned(output, rest, (uint)count);
                return;
            }

            first += 4 * lanes;
            second += 4 * lanes;
            output += 4 * lanes;
            target = output;
            count -= 4 * lanes;
        }
    }

    /// <summary>Codes with constants of their channels, of which the first code has the one at the phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Constants(JoinConstants constants, byte* first, float* scales, float* shifts, int period, int phase, int stepPhase, byte* output, int count)
    {
        TInt xZero = TLanes.All(constants.First.ZeroPoint);
        TFloat xScale = TLanes.All(constants.First.Scale);
        TFloat yScale = TLanes.All(constants.Second.Scale);
        TFloat multiplier = TLanes.All(constants.Multiplier);
        int zeroPoint = constants.Output.ZeroPoint;
        byte lowest = constants.Lowest;
        bool mayOverflow = constants.MayOverflow;
        int lanes = TLanes.Count;
        CodeSteps? steps = constants.Steps;
        TFloat inverseScale = TLanes.All(1f / constants.Output.Scale);
        float* values = stackalloc float[ChannelPattern.Block];
        byte* rest = stackalloc byte[ChannelPattern.Block];
        byte* target = output;
        while (count > 0)
        {
            if (count < 4 * lanes)
            {
                Unsafe.CopyBlockUnaligned(rest, first, (uint)count);
                first = rest;
                target = rest;
            }

            float* y = scales + phase;
            float* z = TJoin.HasShift ? shifts + phase : y;
            TFloat a = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first, xZero), TLanes.Load(y), Shift(z), xScale, yScale, multiplier);
            TFloat b = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + lanes, xZero), TLanes.Load(y + lanes), Shift(z + lanes), xScale, yScale, multiplier);
            TFloat c = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + 2 * lanes, xZero), TLanes.Load(y + 2 * lanes), Shift(z + 2 * lanes), xScale, yScale, multiplier);
            TFloat d = TJoin.Of<TLanes, TFloat, TInt>(TLanes.Load(first + 3 * lanes, xZero), TLanes.Load(y + 3 * lanes), Shift(z + 3 * lanes), xScale, yScale, multiplier);
            if (steps is not null)
            {
                TLanes.Store(a, values);
                TLanes.Store(b, values + lanes);
                TLanes.Store(c, values + 2 * lanes);
                TLanes.Store(d, values + 3 * lanes);
                steps.Run<TLanes, TFloat, TInt>(values, stepPhase);
                a = TLanes.Multiply(TLanes.Load(values), inverseScale);
                b = TLanes.Multiply(TLanes.Load(values + lanes), inverseScale);
                c = TLanes.Multiply(TLanes.Load(values + 2 * lanes), inverseScale);
                d = TLanes.Multiply(TLanes.Load(values + 3 * lanes), inverseScale);
                stepPhase += 4 * lanes;
                stepPhase = stepPhase >= steps.Period ? stepPhase - steps.Period : stepPhase;
            }

            if (mayOverflow)
            {
                a = InRange(a);
                b = InRange(b);
                c = InRange(c);
                d = InRange(d);
            }

            TLanes.Store(a, b, c, d, zeroPoint, lowest, target);
            if (count < 4 * lanes)
            {
                Unsafe.CopyBlockUnaligned(output, rest, (uint)count);
                return;
            }

            first += 4 * lanes;
            output += 4 * lanes;
            target = output;
            count -= 4 * lanes;
            phase += 4 * lanes;
            phase = phase >= period ? phase - period : phase;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Shift(float* shifts) => TJoin.HasShift ? TLanes.Load(shifts) : TLanes.All(0f);

    // NaN counts as 0, as in the quantizer; no output has more than 255 steps either way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat InRange(TFloat x) => TLanes.Min(TLanes.Max(TLanes.NumberOrZero(x), TLanes.All(-256f)), TLanes.All(256f));
}
