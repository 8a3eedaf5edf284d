using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Kernels.Execution;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Runs machine-code routines instruction by instruction, each by its definition, on a CPU that lacks AVX-512: the emitted bytes are
/// decoded, addresses are real ones, and nothing is read or written that the instruction would not touch.
/// </summary>
public static unsafe class ModelledRoutine
{
    private static readonly ConditionalWeakTable<string, ConcurrentDictionary<int, Instruction[]>> Decoded = [];

    /// <summary>In a generated text in place of MachineCode.Load: code that is available.</summary>
    public static MachineCode Load(string routines, bool permutesBytes = false) => MachineCode.Modelled();

    /// <summary>In a generated text in place of LaneCall.Run.</summary>
    public static void Run(string routines, LaneCall* call, nint routine, int accumulators, nint x, LaneBlock* block, byte* output, nint tiles)
    {
        call->X = x;
        call->Block = block;
        call->Output = output;
        call->Tiles = tiles;
        Run(routines, (int)routine, (byte*)call, tiles);
    }

    /// <summary>In a generated text in place of PixelCall.Run.</summary>
    public static void Run(string routines, PixelCall* call, nint routine, nint most, nint x, byte* output, nint tiles)
    {
        call->X = x;
        call->Output = output;
        call->Tiles = tiles;
        Run(routines, (int)routine, (byte*)call, tiles);
    }

    /// <summary>In a generated text in place of DepthwiseCall.Run.</summary>
    public static void Run(string routines, DepthwiseCall* call, nint routine, nint most, nint x, DepthwiseBlock* block, byte* output, nint tiles)
    {
        call->X = x;
        call->Block = block;
        call->Output = output;
        call->Tiles = tiles;
        Run(routines, (int)routine, (byte*)call, tiles);
    }

    /// <summary>Runs a routine.</summary>
    /// <param name="code">The code of a kernel.</param>
    /// <param name="offset">Offset of the routine.</param>
    /// <param name="call">What System V passes it.</param>
    internal static void Run(ReadOnlySpan<byte> code, int offset, byte* call)
    {
        Instruction[] routine = Decode(code[offset..]);
        new ModelledProcessor(routine).Run(call);
    }

    private static void Run(string routines, int offset, byte* call, nint tiles)
    {
        if (tiles > 0)
        {
            Instruction[] routine = Decoded.GetOrCreateValue(routines)
                .GetOrAdd(offset, static (offset, routines) => Decode(Convert.FromBase64String(routines).AsSpan(offset)), routines);
            new ModelledProcessor(routine).Run(call);
        }
    }

    // To the first return: there is one.
    private static Instruction[] Decode(ReadOnlySpan<byte> code)
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code.ToArray()), 0);
        var routine = new List<Instruction>();
        do
        {
            routine.Add(decoder.Decode());
        }
        while (routine[^1].Mnemonic != Mnemonic.Ret);
        return [.. routine];
    }
}
