using System;
using System.IO;

namespace Kernels.Samples.Upscale;

/// <summary>What the user asked for.</summary>
/// <param name="Input">The picture to double.</param>
/// <param name="Output">The PNG to write.</param>
/// <param name="Model">The network that doubles it.</param>
internal sealed record Arguments(string Input, string Output, UpscaleModel Model)
{
    public const string Usage = "Usage: Upscale [--model upconv_7|cunet] [input picture] [output.png]. Without an input a bundled picture is doubled.";

    /// <summary>The PNG that shows the ways side by side, next to the output.</summary>
    public string SideBySide => Path.ChangeExtension(Output, null) + "-side-by-side.png";

    public static Arguments Parse(ReadOnlySpan<string> args)
    {
        UpscaleModel model = UpscaleModel.Upconv7;
        if (args.Length > 1 && args[0] == "--model")
        {
            model = UpscaleModel.Find(args[1]);
            args = args[2..];
        }

        if (args.Length > 2 || (args.Length > 0 && args[0].StartsWith('-') && !File.Exists(args[0])))
        {
            throw new UserException(Usage);
        }

        string input = args.Length > 0 ? args[0] : Assets.DefaultPicture;
        string output = args.Length > 1 ? args[1] : Path.Combine("artifacts", Path.GetFileNameWithoutExtension(input) + "-2x.png");
        return Path.GetExtension(output).Equals(".png", StringComparison.OrdinalIgnoreCase)
            ? new Arguments(input, output, model)
            : throw new UserException($"The output '{output}' must end in .png, because a PNG is what is written.");
    }
}
