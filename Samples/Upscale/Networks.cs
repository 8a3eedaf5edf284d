using System;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>The same network three times: float, int8 with generic kernels, int8 with generated ones.</summary>
internal sealed class Networks
{
    private Networks(AnnotatedModel model, QuantizedModel generated, UpscaleModel kind)
    {
        Float = kind.Wrap(new FloatNetwork(model, kind.Border));
        Generated = kind.Wrap(new QuantizedNetwork(generated, kind.Border));
        Generic = kind.Wrap(new QuantizedNetwork(generated.WithGenericKernels(), kind.Border));
        Weights = WeightBytes.Of(model.Graph.Weights.Values, generated.Layers);
    }

    public IPixelNetwork Float { get; }

    public IPixelNetwork Generic { get; }

    public IPixelNetwork Generated { get; }

    public WeightBytes Weights { get; }

    /// <summary>Loads the float weights, calibrates with the bundled pictures other than the input, and converts.</summary>
    public static Networks For(Picture input, IProgress<double> progress, UpscaleModel? kind = null)
    {
        kind ??= UpscaleModel.Upconv7;
        Picture[] pictures = [.. Assets.PicturesOtherThan(input)];
        AnnotatedModel model = kind.Load();
        QuantizedModel converted = model.Quantize(Calibration.Batches(pictures, kind.Border), new ShareOfCount(model.Graph.Weights.Count, progress));
        return new Networks(model, converted, kind);
    }
}
