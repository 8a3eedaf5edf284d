using System;
using System.Globalization;
using System.IO;

namespace Kernels.Samples.Detect;

/// <summary>What the user asked for.</summary>
/// <param name="Input">The picture to look at.</param>
/// <param name="Output">The PNG with int8 boxes.</param>
/// <param name="MostSide">Longest side that the network sees.</param>
/// <param name="Evaluate">Whether to measure each bundled scene, with the others for calibration, and draw nothing.</param>
internal sealed record Arguments(string Input, string Output, int MostSide, bool Evaluate)
{
    public const string Usage = "Usage: Detect [--limit PIXELS] [picture] [output.png], or Detect --evaluate. Without a picture a bundled one is looked at; --limit bounds the longest side that the network sees (960).";

    /// <summary>The PNG with float boxes, beside the output.</summary>
    public string FloatOutput => Path.ChangeExtension(Output, null) + "-float.png";

    public static Arguments Parse(ReadOnlySpan<string> args)
    {
        if (args is ["--evaluate"])
        {
            return new Arguments(string.Empty, string.Empty, int.MaxValue, Evaluate: true);
        }

        int limit = 960;
        if (args is ["--limit", string pixels, ..])
        {
            if (!int.TryParse(pixels, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 32)
            {
                throw new UserException($"--limit is '{pixels}', but must be 32 or more.");
            }

            args = args[2..];
        }

        if (args.Length > 2 || (args.Length > 0 && args[0].StartsWith('-') && !File.Exists(args[0])))
        {
            throw new UserException(Usage);
        }

        string input = args.Length > 0 ? args[0] : Assets.DefaultScene;
        string output = args.Length > 1 ? args[1] : Path.Combine("artifacts", Path.GetFileNameWithoutExtension(input) + "-text.png");
        return Path.GetExtension(output).Equals(".png", StringComparison.OrdinalIgnoreCase)
            ? new Arguments(input, output, limit, Evaluate: false)
            : throw new UserException($"The output '{output}' must end in .png, because a PNG is what is written.");
    }
}
