using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The machine code of a kernel class: its bytes, the offset of each tile, and the listing that the IDE shows.</summary>
internal static class MachineCodeEmitter
{
    private const int BytesInLine = 24;

    /// <summary>Name of the constant that holds a tile's offset.</summary>
    public static string Constant(string tile) => tile + "Offset";

    /// <summary>Emits the code, or why there is none.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="tiles">The routines.</param>
    /// <param name="permutesBytes">Whether they need AVX-512 VBMI.</param>
    /// <param name="refusal">Why the dataflow makes none; null for its size.</param>
    public static void Emit(CodeWriter code, LayerSpec spec, IReadOnlyList<MachineTile> tiles, bool permutesBytes, string? refusal = null)
    {
        if (tiles.Count == 0)
        {
            string reason = spec.MachineCode ? refusal ?? "none is made for a kernel of this dataflow and size" : "switched off by an attribute of the layer or its assembly";
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
        code.Line($"private static readonly MachineCode Code = MachineCode.Load(CodeBytes{(permutesBytes ? ", permutesBytes: true" : string.Empty)});").Line();
        code.Line("private static ReadOnlySpan<byte> CodeBytes =>").Line("[");
        foreach (MachineTile tile in tiles)
        {
            code.Line($"    // {tile.Name}");
            foreach (string line in tile.Listing)
            {
                code.Line("    //   " + line);
            }

            for (int i = 0; i < tile.Bytes.Length; i += BytesInLine)
            {
                IEnumerable<string> bytes = tile.Bytes.Skip(i).Take(BytesInLine).Select(b => "0x" + b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
                code.Line("    " + string.Join(",", bytes) + ",");
            }
        }

        code.Line("];").Line();
    }
}
