using System;
using Kernels.Models;
using Kernels.Samples.Upscale;
using Kernels.Training;

namespace Kernels.Samples.FineTune;

/// <summary>The middle of a picture that neither calibration nor fine-tuning has seen, and what the float network makes of it.</summary>
internal sealed class HeldOutPicture
{
    private const int MaxSide = 192;

    private readonly FloatTensor _input;
    private readonly FloatTensor _expected;

    public HeldOutPicture(string name, Network network)
    {
        Name = name;
        Picture picture = Assets.LoadPicture(name);
        _input = Patches.Of(picture, Region.Centre(picture, MaxSide));
        _expected = network.Forward(_input);
    }

    public string Name { get; }

    /// <summary>Peak signal-to-noise ratio of an int8 network against the float one, in dB, for values of 0 to 1.</summary>
    public double Psnr(QuantizedModel int8)
    {
        FloatTensor output = int8.Forward(_input);
        return -10 * Math.Log10(Loss.MeanSquaredError.Compute(output, _expected, new FloatTensor(output.Shape)));
    }
}
