using System.Collections.Generic;
using System.IO;
using Iced.Intel;

namespace Kernels.Generators.Emission;

/// <summary>A routine assembled for a tile.</summary>
/// <param name="Name">Name of the tile.</param>
/// <param name="Bytes">Code: the System V entry, then 3 bytes later the Windows one.</param>
internal sealed record MachineTile(string Name, byte[] Bytes)
{
    /// <summary>Assembles a routine.</summary>
    public static MachineTile Assemble(string name, Assembler assembler)
    {
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), 0);
        return new MachineTile(name, stream.ToArray());
    }

    /// <summary>The disassembly.</summary>
    public IEnumerable<string> Listing()
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(Bytes));
        var formatter = new IntelFormatter();
        formatter.Options.FirstOperandCharIndex = 14;
        formatter.Options.BranchLeadingZeros = false;
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = string.Empty;
        var output = new StringOutput();
        while (decoder.IP < (ulong)Bytes.Length)
        {
            decoder.Decode(out Instruction instruction);
            formatter.Format(instruction, output);
            yield return instruction.IP.ToString("x4", System.Globalization.CultureInfo.InvariantCulture) + "  " + output.ToStringAndReset();
        }
    }
}
