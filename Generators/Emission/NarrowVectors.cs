using System;
using System.Collections.Concurrent;
using Iced.Intel;

namespace Kernels.Generators.Emission;

/// <summary>The same routine on shorter vectors: AVX-512 VL has every instruction that routines use on 32 and on 16 bytes too.</summary>
internal static class NarrowVectors
{
    private static readonly ConcurrentDictionary<(Code, int), Code> Codes = new();

    /// <summary>Turns a routine on vectors of 64 bytes into one on shorter vectors. Offsets stay as they are.</summary>
    /// <param name="routine">The routine.</param>
    /// <param name="bytes">Bytes of a vector: 32 or 16.</param>
    public static Assembler Of(Assembler routine, int bytes)
    {
        var result = new Assembler(64);
        foreach (Instruction instruction in routine.Instructions)
        {
            result.AddInstruction(Narrow(instruction, bytes));
        }

        return result;
    }

    private static Instruction Narrow(Instruction instruction, int bytes)
    {
        bool any = false;
        Register first = bytes == 32 ? Register.YMM0 : Register.XMM0;
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).IsZMM())
            {
                instruction.SetOpRegister(i, first + (instruction.GetOpRegister(i) - Register.ZMM0));
                any = true;
            }
        }

        if (any)
        {
            instruction.Code = Codes.GetOrAdd((instruction.Code, bytes), static key => Of(key.Item1, key.Item2));
        }

        return instruction;
    }

    // Iced's names: EVEX_Vpaddsw_zmm_k1z_zmm_zmmm512. Rounding in the instruction is a variant of 512 bits only.
    private static Code Of(Code code, int bytes)
    {
        string name = code.ToString();
        string narrow = name
            .Replace("zmmm512", bytes == 32 ? "ymmm256" : "xmmm128")
            .Replace("zmm", bytes == 32 ? "ymm" : "xmm")
            .Replace("_er", string.Empty)
            .Replace("_sae", string.Empty);
        return (Code)Enum.Parse(typeof(Code), narrow);
    }
}
