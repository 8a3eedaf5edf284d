using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Iced.Intel;

namespace Kernels.Generators.Tests.Support;

/// <summary>A machine-code routine as it stands in generated text: read from the bytes there, not from what made them.</summary>
internal sealed partial record EmittedRoutine(string Name, byte[] Bytes)
{
    /// <summary>The routines of a generated file, in the order of their offsets.</summary>
    public static IReadOnlyList<EmittedRoutine> Of(string text)
    {
        byte[] bytes = Convert.FromBase64String(Routines().Match(text).Groups[1].Value);
        (string Name, int Offset)[] offsets = [.. Offset().Matches(text).Select(static match => (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];
        return
        [
            .. offsets.Select((each, index) => new EmittedRoutine(each.Name, bytes[each.Offset..(index + 1 < offsets.Length ? offsets[index + 1].Offset : bytes.Length)])),
        ];
    }

    /// <summary>The instructions from an offset to the end.</summary>
    public IReadOnlyList<Instruction> Decode(int offset = 0)
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(Bytes, offset, Bytes.Length - offset), (ulong)offset);
        var instructions = new List<Instruction>();
        while (decoder.IP < (ulong)Bytes.Length)
        {
            instructions.Add(decoder.Decode());
        }

        return instructions;
    }

    [GeneratedRegex("const string Routines = \"\"\"(.*?)\"\"\";", RegexOptions.Singleline)]
    private static partial Regex Routines();

    [GeneratedRegex(@"private const int (\w+)Offset = (\d+);")]
    private static partial Regex Offset();
}
