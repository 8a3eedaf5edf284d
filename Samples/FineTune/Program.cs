using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Kernels.Models;
using Kernels.Samples.FineTune;
using Kernels.Samples.Upscale;

// FineTune [output.safetensors]: fine-tunes upconv_7 for int8 with one scale for a layer's weights, and says what that gains
// over plain calibration on pictures held out. Fails when it gains nothing.
try
{
    if (args.Length > 1)
    {
        throw new UserException("Usage: FineTune [output.safetensors].");
    }

    string path = args.Length > 0 ? args[0] : Path.Combine("artifacts", "upconv_7.fine-tuned.int8.safetensors");
    Network network = Assets.LoadNetwork();
    HeldOutPicture[] heldOut = Array.ConvertAll(Assets.HeldOutPictures, name => new HeldOutPicture(name, network));
    var tuning = new FineTuning(network, Array.ConvertAll(Assets.TrainingPictures, Assets.LoadPicture));

    QuantizedModel calibrated = tuning.Calibrate();
    var watch = Stopwatch.StartNew();
    QuantizedModel tuned = tuning.Train(FineTuning.DefaultSteps, new ConsoleProgress("fine-tuning"));
    double seconds = watch.Elapsed.TotalSeconds;
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
    tuned.Save(path);

    Print($"{path}: int8, one scale for a layer's weights, {FineTuning.DefaultSteps} steps in {seconds:F0} s");
    Print($"");
    Print($"{"PSNR against the float network",-32}{"calibrated",12}{"fine-tuned",14}{"gain",12}");
    bool gains = true;
    foreach (HeldOutPicture picture in heldOut)
    {
        (double before, double after) = (picture.Psnr(calibrated), picture.Psnr(tuned));
        Print($"{picture.Name + ", held out",-32}{before,9:F2} dB{after,11:F2} dB{after - before,9:F2} dB");
        gains &= after > before;
    }

    return gains ? 0 : throw new UserException("Fine-tuning gained nothing on a picture held out.");
}
catch (Exception exception) when (exception is UserException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine("FineTune: " + exception.Message);
    return 1;
}

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
