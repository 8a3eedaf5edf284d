using System;
using Kernels.Samples.Upscale;

// Upscale [--model NAME] [input] [output]: doubles a picture with waifu2x's upconv_7 or cunet in int8, and says how good and how fast that is.
try
{
    Arguments arguments = Arguments.Parse(args);
    Picture picture = PictureFile.Load(arguments.Input);
    Networks networks = Networks.For(picture, new ConsoleProgress("quantizing"), arguments.Model);

    PictureFile.Save(arguments.Output, Tiler.Upscale(picture, networks.Generated, progress: new ConsoleProgress("int8 network")));
    Comparison comparison = Comparison.Of(picture, networks, label => new ConsoleProgress(label));
    PictureFile.Save(arguments.SideBySide, comparison.SideBySide);
    Timing timing = Timing.Of(picture, networks, new ConsoleProgress("timing"));

    Console.WriteLine($"{arguments.Input}: {picture.Width}x{picture.Height}");
    Console.WriteLine($"{arguments.Output}: {2 * picture.Width}x{2 * picture.Height}");
    Console.WriteLine($"{arguments.SideBySide}: nearest, float, int8{(comparison.IsPart(picture) ? " of the middle, which the table is about" : "")}");
    Console.WriteLine();
    Console.Write(Report.Of(comparison, timing, networks.Weights));
    return 0;
}
catch (UserException exception)
{
    Console.Error.WriteLine("Upscale: " + exception.Message);
    return 1;
}
