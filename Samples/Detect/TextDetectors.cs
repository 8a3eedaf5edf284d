using System.Collections.Generic;
using System.Linq;
using Kernels.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Kernels.Samples.Detect;

/// <summary>The detector in float and, calibrated on pictures, in int8 with generated kernels.</summary>
/// <param name="Float">The float network.</param>
/// <param name="Int8">The int8 network.</param>
internal sealed record TextDetectors(AnnotatedModel Float, QuantizedModel Int8)
{
    // Of the pictures for calibration: what the network sees of them.
    private const int CalibrationSide = 640;

    /// <summary>Loads the weights and quantizes.</summary>
    /// <param name="pictures">Paths of the pictures for calibration, at least one.</param>
    public static TextDetectors Calibrated(IEnumerable<string> pictures)
    {
        var detector = new Detector(SafetensorsFile.Load(Assets.Weights));
        return new TextDetectors(detector, detector.Quantize(pictures.Select(static path =>
        {
            using Image<Rgb24> picture = Pictures.Load(path);
            return NetworkInput.Of(picture, CalibrationSide).Tensor;
        })));
    }

    /// <summary>Loads the weights, and an int8 network that was saved.</summary>
    /// <param name="int8">Its file.</param>
    public static TextDetectors Load(string int8) => new(new Detector(SafetensorsFile.Load(Assets.Weights)), Detector.Load(int8));

    /// <summary>Text of the map in int8 against that in float.</summary>
    public double IntersectionOverUnion(NetworkInput input) =>
        input.Map(Int8.Forward(input.Tensor)).IntersectionOverUnion(input.Map(Float.Forward(input.Tensor)));
}
