using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;

namespace Kernels.Bench.Timing;

/// <summary>
/// The most multiply-accumulates that one core can do with an instruction pair: enough independent accumulators to hide
/// latencies, operands in registers but for one load, nothing else. Kernels are held against it.
/// </summary>
internal sealed unsafe class PeakLoop(PeakPair pair) : Contestant
{
    /// <summary>Rounds of a run.</summary>
    public const int Repeats = 1000;

    /// <summary>Loads of a round.</summary>
    public const int Loads = 8;

    private static readonly byte[] Operands = GC.AllocateArray<byte>(Loads * 64, pinned: true);

    private int _sink;

    /// <inheritdoc/>
    public override string Name => $"peak_{pair}";

    /// <summary>The instructions.</summary>
    public PeakPair Pair => pair;

    /// <summary>Multiply-accumulates of a run.</summary>
    public double Macs { get; } = Repeats * Loads * pair switch
    {
        PeakPair.Bytes => Vector512Runs ? 12 * 64 : 5 * 32,
        PeakPair.Words => Vector512Runs ? 12 * 32 : Avx2.IsSupported ? 6 * 16 : PeakLoop128.Accumulators * 8,
        PeakPair.Dot256 => 12 * 32,
        PeakPair.Dot512 => PeakRoutine.Accumulators * 64,
        _ => PeakLoop128.Accumulators * 16,
    };

    private static bool Vector512Runs => Avx512BW.IsSupported;

    /// <summary>Whether this CPU, as .NET sees it, has the pair.</summary>
    /// <param name="pair">The pair.</param>
    public static bool IsSupported(PeakPair pair) => pair switch
    {
        PeakPair.Dot512 => PeakRoutine.IsSupported,
        PeakPair.Dot256 => AvxVnni.IsSupported,
        PeakPair.Bytes => Avx2.IsSupported,
        PeakPair.Sdot => Dp.IsSupported,
        PeakPair.Smull => AdvSimd.Arm64.IsSupported,
        _ => Avx2.IsSupported || AdvSimd.Arm64.IsSupported,
    };

    /// <inheritdoc/>
    public override void Run()
    {
        fixed (byte* operands = Operands)
        {
            if (pair == PeakPair.Dot512)
            {
                PeakRoutine.Run(operands);
                return;
            }

            _sink += pair switch
            {
                PeakPair.Bytes => Vector512Runs ? Bytes512(operands) : Bytes256(operands),
                PeakPair.Words when Avx2.IsSupported => Vector512Runs ? Words512(operands) : Words256(operands),
                PeakPair.Words => PeakLoop128.Run<Words128>(operands),
                PeakPair.Sdot => PeakLoop128.Run<SignedBytes128>(operands),
                PeakPair.Smull => PeakLoop128.Run<SignedPairs128>(operands),
                _ => Dot256(operands),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Bytes512(byte* operands)
    {
        var ones = Vector512.Create((short)1);
        var x = Vector512.Create((byte)1);
        Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<int> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<byte> x0 = x, x1 = x + x, x2 = x1 + x, x3 = x2 + x, x4 = x3 + x, x5 = x4 + x;
        Vector512<byte> x6 = x5 + x, x7 = x6 + x, x8 = x7 + x, x9 = x8 + x, x10 = x9 + x, x11 = x10 + x;
        for (int i = 0; i < Repeats; i++)
        {
            for (int load = 0; load < Loads; load++)
            {
                Vector512<sbyte> w = Vector512.Load((sbyte*)operands + load * 64);
                a0 = Avx512F.Add(a0, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x0, w), ones));
                a1 = Avx512F.Add(a1, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x1, w), ones));
                a2 = Avx512F.Add(a2, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x2, w), ones));
                a3 = Avx512F.Add(a3, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x3, w), ones));
                a4 = Avx512F.Add(a4, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x4, w), ones));
                a5 = Avx512F.Add(a5, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x5, w), ones));
                a6 = Avx512F.Add(a6, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x6, w), ones));
                a7 = Avx512F.Add(a7, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x7, w), ones));
                a8 = Avx512F.Add(a8, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x8, w), ones));
                a9 = Avx512F.Add(a9, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x9, w), ones));
                a10 = Avx512F.Add(a10, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x10, w), ones));
                a11 = Avx512F.Add(a11, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x11, w), ones));
            }
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Words512(byte* operands)
    {
        var x = Vector512.Create((short)1);
        Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<int> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<short> x0 = x, x1 = x + x, x2 = x1 + x, x3 = x2 + x, x4 = x3 + x, x5 = x4 + x;
        Vector512<short> x6 = x5 + x, x7 = x6 + x, x8 = x7 + x, x9 = x8 + x, x10 = x9 + x, x11 = x10 + x;
        for (int i = 0; i < Repeats; i++)
        {
            for (int load = 0; load < Loads; load++)
            {
                Vector512<short> w = Vector512.Load((short*)(operands + load * 64));
                a0 = Avx512F.Add(a0, Avx512BW.MultiplyAddAdjacent(x0, w));
                a1 = Avx512F.Add(a1, Avx512BW.MultiplyAddAdjacent(x1, w));
                a2 = Avx512F.Add(a2, Avx512BW.MultiplyAddAdjacent(x2, w));
                a3 = Avx512F.Add(a3, Avx512BW.MultiplyAddAdjacent(x3, w));
                a4 = Avx512F.Add(a4, Avx512BW.MultiplyAddAdjacent(x4, w));
                a5 = Avx512F.Add(a5, Avx512BW.MultiplyAddAdjacent(x5, w));
                a6 = Avx512F.Add(a6, Avx512BW.MultiplyAddAdjacent(x6, w));
                a7 = Avx512F.Add(a7, Avx512BW.MultiplyAddAdjacent(x7, w));
                a8 = Avx512F.Add(a8, Avx512BW.MultiplyAddAdjacent(x8, w));
                a9 = Avx512F.Add(a9, Avx512BW.MultiplyAddAdjacent(x9, w));
                a10 = Avx512F.Add(a10, Avx512BW.MultiplyAddAdjacent(x10, w));
                a11 = Avx512F.Add(a11, Avx512BW.MultiplyAddAdjacent(x11, w));
            }
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Bytes256(byte* operands)
    {
        var ones = Vector256.Create((short)1);
        var x = Vector256.Create((byte)1);
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default;
        Vector256<byte> x0 = x, x1 = x + x, x2 = x1 + x, x3 = x2 + x, x4 = x3 + x;
        for (int i = 0; i < Repeats; i++)
        {
            for (int load = 0; load < Loads; load++)
            {
                Vector256<sbyte> w = Vector256.Load((sbyte*)operands + load * 64);
                a0 = Avx2.Add(a0, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x0, w), ones));
                a1 = Avx2.Add(a1, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x1, w), ones));
                a2 = Avx2.Add(a2, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x2, w), ones));
                a3 = Avx2.Add(a3, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x3, w), ones));
                a4 = Avx2.Add(a4, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x4, w), ones));
            }
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Words256(byte* operands)
    {
        var x = Vector256.Create((short)1);
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector256<short> x0 = x, x1 = x + x, x2 = x1 + x, x3 = x2 + x, x4 = x3 + x, x5 = x4 + x;
        for (int i = 0; i < Repeats; i++)
        {
            for (int load = 0; load < Loads; load++)
            {
                Vector256<short> w = Vector256.Load((short*)(operands + load * 64));
                a0 = Avx2.Add(a0, Avx2.MultiplyAddAdjacent(x0, w));
                a1 = Avx2.Add(a1, Avx2.MultiplyAddAdjacent(x1, w));
                a2 = Avx2.Add(a2, Avx2.MultiplyAddAdjacent(x2, w));
                a3 = Avx2.Add(a3, Avx2.MultiplyAddAdjacent(x3, w));
                a4 = Avx2.Add(a4, Avx2.MultiplyAddAdjacent(x4, w));
                a5 = Avx2.Add(a5, Avx2.MultiplyAddAdjacent(x5, w));
            }
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Dot256(byte* operands)
    {
        // Two ports x 5 cycles of latency ask for 10 sums. They differ from the start: equal ones would be computed once.
        var x = Vector256.Create((byte)1);
        Vector256<int> a0 = Vector256.Create(0), a1 = Vector256.Create(1), a2 = Vector256.Create(2), a3 = Vector256.Create(3);
        Vector256<int> a4 = Vector256.Create(4), a5 = Vector256.Create(5), a6 = Vector256.Create(6), a7 = Vector256.Create(7);
        Vector256<int> a8 = Vector256.Create(8), a9 = Vector256.Create(9), a10 = Vector256.Create(10), a11 = Vector256.Create(11);
        for (int i = 0; i < Repeats; i++)
        {
            for (int load = 0; load < Loads; load++)
            {
                Vector256<sbyte> w = Vector256.Load((sbyte*)operands + load * 64);
                a0 = AvxVnni.MultiplyWideningAndAdd(a0, x, w);
                a1 = AvxVnni.MultiplyWideningAndAdd(a1, x, w);
                a2 = AvxVnni.MultiplyWideningAndAdd(a2, x, w);
                a3 = AvxVnni.MultiplyWideningAndAdd(a3, x, w);
                a4 = AvxVnni.MultiplyWideningAndAdd(a4, x, w);
                a5 = AvxVnni.MultiplyWideningAndAdd(a5, x, w);
                a6 = AvxVnni.MultiplyWideningAndAdd(a6, x, w);
                a7 = AvxVnni.MultiplyWideningAndAdd(a7, x, w);
                a8 = AvxVnni.MultiplyWideningAndAdd(a8, x, w);
                a9 = AvxVnni.MultiplyWideningAndAdd(a9, x, w);
                a10 = AvxVnni.MultiplyWideningAndAdd(a10, x, w);
                a11 = AvxVnni.MultiplyWideningAndAdd(a11, x, w);
            }
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }
}
