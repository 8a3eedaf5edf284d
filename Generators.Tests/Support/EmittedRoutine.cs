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
        byte[] bytes = [.. CodeBytes().Match(text).Value
            .Split('\n')
            .Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(static line => Byte().Matches(line))
            .Select(static match => byte.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
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

    [GeneratedRegex(@"ReadOnlySpan<byte> CodeBytes =>.*?\];", RegexOptions.Singleline)]
    private static partial Regex CodeBytes();

    [GeneratedRegex("0x([0-9a-f]{2}),")]
    private static partial Regex Byte();

    [GeneratedRegex(@"private const int (\w+)Offset = (\d+);")]
    private static partial Regex Offset();
}
