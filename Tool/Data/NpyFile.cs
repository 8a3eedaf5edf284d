using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Kernels.Tool.Data;

/// <summary>Reads NumPy's .npy files of float32 in C order (numpy.lib.format, versions 1 and 2).</summary>
internal static partial class NpyFile
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a tensor of two to four dimensions: [N, C], [N, C, L] or [N, C, H, W].</summary>
    /// <exception cref="ToolException">It is no such file.</exception>
    public static FloatTensor Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || !bytes.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw new ToolException($"{path} is not a .npy file.");
        }

        (int start, int length) = bytes[6] == 1 ? (10, BitConverter.ToUInt16(bytes, 8)) : (12, BitConverter.ToInt32(bytes, 8));
        if (length < 0 || length > bytes.Length - start)
        {
            throw new ToolException($"{path} is cut off.");
        }

        string header = Encoding.ASCII.GetString(bytes, start, length);
        Match shape = ShapePattern().Match(header);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || header.Contains("'fortran_order': True", StringComparison.Ordinal) || !shape.Success)
        {
            throw new ToolException($"{path} must hold float32 in C order.");
        }

        string[] sizes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int[] dims = [.. sizes.Select(static d => int.TryParse(d, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)];
        int count = (bytes.Length - start - length) / sizeof(float);
        if (dims.Length is < 2 or > 4 || dims.Any(static d => d < 1) || dims.Aggregate(1.0, static (product, d) => product * d) != count)
        {
            throw new ToolException($"{path} has the dimensions ({string.Join(", ", dims)}) and {count} numbers, which is no input of a network.");
        }

        int[] four = dims.Length switch { 2 => [dims[0], dims[1], 1, 1], 3 => [dims[0], dims[1], 1, dims[2]], _ => dims };
        return FloatTensor.FromNchw(new Shape4(four[0], four[1], four[2], four[3]), MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start + length, count * sizeof(float))));
    }

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
