using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Kernels;
using Kernels.Samples.Detect;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

// Detect [picture] [output.png]: finds text with PP-OCRv3's detector in int8 and in float, draws the boxes of both, and says how they compare.
try
{
    Arguments arguments = Arguments.Parse(args);
    if (arguments.Evaluate)
    {
        Evaluate();
        return 0;
    }

    using Image<Rgb24> picture = Pictures.Load(arguments.Input);
    byte[] file = File.ReadAllBytes(arguments.Input);
    TextDetectors detectors = TextDetectors.Calibrated(Assets.Scenes.Where(scene => !file.AsSpan().SequenceEqual(File.ReadAllBytes(scene))));
    NetworkInput input = NetworkInput.Of(picture, arguments.MostSide);
    ProbabilityMap int8 = input.Map(detectors.Int8.Forward(input.Tensor));
    ProbabilityMap real = input.Map(detectors.Float.Forward(input.Tensor));
    IReadOnlyList<RotatedBox> int8Boxes = Draw(picture, int8, input.Scale, arguments.Output);
    IReadOnlyList<RotatedBox> floatBoxes = Draw(picture, real, input.Scale, arguments.FloatOutput);

    Console.WriteLine($"{arguments.Input}: {picture.Width}x{picture.Height}, the network sees {input.Width}x{input.Height}");
    Console.WriteLine($"{arguments.Output}: boxes of the int8 network");
    Console.WriteLine($"{arguments.FloatOutput}: boxes of the float network");
    Console.WriteLine();
    Console.WriteLine($"{"",-8}{"boxes",8}{"one thread",14}");
    Console.WriteLine($"{"float",-8}{floatBoxes.Count,8}{Milliseconds(() => detectors.Float.Forward(input.Tensor)),11:F1} ms");
    Console.WriteLine($"{"int8",-8}{int8Boxes.Count,8}{Milliseconds(() => detectors.Int8.Forward(input.Tensor)),11:F1} ms");
    Console.WriteLine($"\nText in int8 against text in float, intersection over union: {int8.IntersectionOverUnion(real):F3}");
    return 0;
}
catch (UserException exception)
{
    Console.Error.WriteLine("Detect: " + exception.Message);
    return 1;
}

static IReadOnlyList<RotatedBox> Draw(Image<Rgb24> picture, ProbabilityMap map, float scale, string path)
{
    RotatedBox[] boxes = [.. TextBoxes.Find(map).Select(text => text.Outline.Scale(scale))];
    using Image<Rgb24> drawn = Drawing.WithBoxes(picture, boxes);
    Pictures.Save(path, drawn);
    return boxes;
}

// The median of a few runs.
static double Milliseconds(Action run)
{
    using KernelThreadsLimit one = KernelThreads.Limit(1);
    double[] times = [.. Enumerable.Range(0, 7).Select(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }).Order()];
    return times[times.Length / 2];
}

// Each scene measured with the others for calibration.
static void Evaluate()
{
    foreach (string scene in Assets.Scenes)
    {
        using Image<Rgb24> picture = Pictures.Load(scene);
        TextDetectors detectors = TextDetectors.Calibrated(Assets.Scenes.Where(other => other != scene));
        NetworkInput input = NetworkInput.Of(picture, int.MaxValue);
        Console.WriteLine($"{Path.GetFileNameWithoutExtension(scene),-10}{detectors.IntersectionOverUnion(input):F3}");
    }
}
