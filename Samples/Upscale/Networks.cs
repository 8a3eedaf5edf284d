using System;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>The same network three times: float, int8 with generic kernels, int8 with generated ones.</summary>
internal sealed class Networks
{
    private Networks(Upconv7 model, QuantizedModel generated)
    {
        Float = new FloatNetwork(model);
        Generated = new QuantizedNetwork(generated);
        Generic = new QuantizedNetwork(generated.WithGenericKernels());
        Weights = WeightBytes.Of(model.Graph.Weights.Values, generated.Layers);
    }

    public IPixelNetwork Float { get; }

    public IPixelNetwork Generic { get; }

    public IPixelNetwork Generated { get; }

    public WeightBytes Weights { get; }

    /// <summary>Loads the float weights, calibrates with the bundled pictures other than the input, and converts.</summary>
    public static Networks For(Picture input, IProgress<double> progress)
    {
        Picture[] pictures = [.. Assets.PicturesOtherThan(input)];
        var model = new Upconv7(SafetensorsFile.Load(Assets.Weights));
        model.Prepare();
        model.Calibrate(Calibration.Batches(pictures), new ShareOfCount(pictures.Length * Calibration.CropsPerPicture, progress));
        return new Networks(model, model.Convert());
    }
}
