using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Execution;

namespace Kernels.Bench.Timing;

/// <summary>The peak loop of 128-bit dot steps, for the 32 registers of Arm64.</summary>
internal static unsafe class PeakLoop128
{
    /// <summary>Dot steps for each load.</summary>
    public const int Accumulators = 12;

    /// <summary>Runs the loop.</summary>
    /// <param name="operands">64 bytes for each of <see cref="PeakLoop.Loads"/> loads.</param>
    /// <typeparam name="TDot">The dot step.</typeparam>
    /// <returns>The sum of all accumulators, so that none can be left out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int Run<TDot>(byte* operands)
        where TDot : struct, IDot128
    {
        var x = Vector128.Create(0x01010101);
        Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector128<int> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector128<int> x0 = x, x1 = x + x, x2 = x1 + x, x3 = x2 + x, x4 = x3 + x, x5 = x4 + x;
        Vector128<int> x6 = x5 + x, x7 = x6 + x, x8 = x7 + x, x9 = x8 + x, x10 = x9 + x, x11 = x10 + x;
        for (int i = 0; i < PeakLoop.Repeats; i++)
        {
            for (int load = 0; load < PeakLoop.Loads; load++)
            {
                Vector128<int> w = Vector128.Load((int*)(operands + load * 64));
                a0 = TDot.Step(a0, x0, w);
                a1 = TDot.Step(a1, x1, w);
                a2 = TDot.Step(a2, x2, w);
                a3 = TDot.Step(a3, x3, w);
                a4 = TDot.Step(a4, x4, w);
                a5 = TDot.Step(a5, x5, w);
                a6 = TDot.Step(a6, x6, w);
                a7 = TDot.Step(a7, x7, w);
                a8 = TDot.Step(a8, x8, w);
                a9 = TDot.Step(a9, x9, w);
                a10 = TDot.Step(a10, x10, w);
                a11 = TDot.Step(a11, x11, w);
            }
        }

        return Vector128.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }
}
