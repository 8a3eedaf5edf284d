using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>The machine code of a kernel class: its bytes, the offset of each routine, and the listing where one is asked for.</summary>
internal static class MachineCodeEmitter
{
    /// <summary>The MSBuild property that asks for the disassembly.</summary>
    public const string ListingProperty = "KernelsDisassembly";

    private const int LettersInLine = 128;

    /// <summary>Name of the constant that holds a tile's offset.</summary>
    public static string Constant(string tile) => tile + "Offset";

    /// <summary>Emits the code, or why there is none.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="plan">The layer and its plan.</param>
    /// <param name="tiles">The routines.</param>
    /// <param name="permutesBytes">Whether they need AVX-512 VBMI.</param>
    public static void Emit(CodeWriter code, KernelPlan plan, IReadOnlyList<MachineTile> tiles, bool permutesBytes)
    {
        if (tiles.Count == 0)
        {
            string reason = plan.Spec.MachineCode ? "none is made for a kernel of this dataflow and size" : "switched off by an attribute of the layer or its assembly";
            code.Line($"private static readonly MachineCode Code = MachineCode.None(\"generated without: {reason}\");").Line();
            return;
        }

        var offset = 0;
        foreach (MachineTile tile in tiles)
        {
            code.Line($"private const int {Constant(tile.Name)} = {Text.Number(offset)};");
            offset += tile.Bytes.Length;
        }

        code.Line();
        code.Line("// 512-bit vpdpbusd has no intrinsic in .NET 10. These are routines assembled at compile time: each works through the tiles");
        code.Line("// of a row. Without AVX-512 VNNI, or without leave to execute them, C# does all.");
        code.Line($"private static readonly MachineCode Code = MachineCode.Load(Routines{(permutesBytes ? ", permutesBytes: true" : string.Empty)});").Line();
        if (!plan.Listing)
        {
            code.Line($"// Base64. With {ListingProperty} set to true in the project file, their disassembly stands here.");
        }

        foreach (MachineTile tile in plan.Listing ? tiles : [])
        {
            code.Line($"// {tile.Name}");
            foreach (string line in tile.Listing())
            {
                code.Line("//   " + line);
            }
        }

        string base64 = Convert.ToBase64String([.. tiles.SelectMany(static tile => tile.Bytes)]);
        code.Line("private const string Routines = \"\"\"");
        for (int i = 0; i < base64.Length; i += LettersInLine)
        {
            code.Line("    " + base64.Substring(i, Math.Min(LettersInLine, base64.Length - i)));
        }

        code.Line("    \"\"\";").Line();
    }
}
