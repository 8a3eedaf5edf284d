using System.IO;
using System.Linq;
using Kernels.Models;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>Doubles pictures with waifu2x's upconv_7. Any cut into tiles gives the same picture.</summary>
internal sealed class UpscaleWorkload : IWorkload
{
    private readonly IPixelNetwork _network;

    private UpscaleWorkload(IPixelNetwork network, string model, IWorkload? floatTwin)
    {
        _network = network;
        Model = model;
        Float = floatTwin;
    }

    public string Name => "upconv_7";

    public string Title => "Upscale 2x (waifu2x upconv_7)";

    public ResultKind Output => ResultKind.Picture;

    public int Tile => Tiler.DefaultTile;

    public int Halo => IPixelNetwork.Border;

    public int Scale => 2;

    public string Model { get; }

    public IWorkload? Float { get; }

    /// <summary>Loads the network, and calibrates it where the cache has no converted one.</summary>
    public static UpscaleWorkload Load(ModelCache cache, int threads)
    {
        byte[] weights = File.ReadAllBytes(Assets.Weights);
        string path = cache.GetOrAdd("upconv_7", [weights, .. Assets.AllPictures().Select(picture => picture.Pixels)], Convert);
        var int8 = new NetworkPool(threads, () => new QuantizedNetwork(Upconv7.Load(path)));
        var floats = new NetworkPool(threads, () => new FloatNetwork(new Upconv7(SafetensorsFile.Load(Assets.Weights))));
        return new UpscaleWorkload(int8, Result.Hash(File.ReadAllBytes(path)), new UpscaleWorkload(floats, Result.Hash(weights), null));
    }

    public Result Run(Picture padded, Region tile) => new PictureResult(Tiler.UpscaleTile(padded, _network));

    public IResultBuilder Assemble(int width, int height) => new PictureBuilder(width, height, Scale);

    private static void Convert(string path)
    {
        var model = new Upconv7(SafetensorsFile.Load(Assets.Weights));
        model.Prepare();
        model.Calibrate(Calibration.Batches(Assets.AllPictures()));
        model.Convert().Save(path);
    }
}
