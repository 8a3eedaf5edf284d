using System.IO;
using System.Linq;
using Kernels.Models;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>
/// Doubles pictures with a network of waifu2x. Any cut into tiles gives the same picture with upconv_7; cunet's gates average over a tile, so that its
/// bytes are those of tiles of <see cref="Tile"/> pixels.
/// </summary>
internal sealed class UpscaleWorkload : IWorkload
{
    private readonly UpscaleModel _kind;
    private readonly IPixelNetwork _network;

    private UpscaleWorkload(UpscaleModel kind, IPixelNetwork network, string model, IWorkload? floatTwin)
    {
        _kind = kind;
        _network = network;
        Model = model;
        Float = floatTwin;
    }

    public string Name => _kind.Name;

    public string Title => $"Upscale 2x (waifu2x {_kind.Name})";

    public ResultKind Output => ResultKind.Picture;

    public int Tile => Tiler.DefaultTile;

    public int Halo => _network.Border;

    public int Scale => 2;

    public string Model { get; }

    public IWorkload? Float { get; }

    /// <summary>Loads upconv_7, and calibrates it where the cache has no converted one.</summary>
    public static UpscaleWorkload Load(ModelCache cache, int threads) => Load(cache, threads, UpscaleModel.Upconv7);

    /// <summary>Loads a network, and calibrates it where the cache has no converted one.</summary>
    public static UpscaleWorkload Load(ModelCache cache, int threads, UpscaleModel kind)
    {
        byte[] weights = File.ReadAllBytes(kind.Weights);
        string path = cache.GetOrAdd(kind.Name, typeof(Upconv7), [weights, .. Assets.AllPictures().Select(picture => picture.Pixels)], target => Convert(kind, target));
        var int8 = new NetworkPool(threads, kind.Border, () => kind.Wrap(new QuantizedNetwork(kind.LoadConverted(path), kind.Border)));
        var floats = new NetworkPool(threads, kind.Border, () => kind.Wrap(new FloatNetwork(kind.Load(), kind.Border)));
        return new UpscaleWorkload(kind, int8, Result.Hash(File.ReadAllBytes(path)), new UpscaleWorkload(kind, floats, Result.Hash(weights), null));
    }

    public Result Run(Picture padded, Region tile) => new PictureResult(Tiler.UpscaleTile(padded, _network));

    public IResultBuilder Assemble(int width, int height) => new PictureBuilder(width, height, Scale);

    private static void Convert(UpscaleModel kind, string path)
    {
        AnnotatedModel model = kind.Load();
        model.Prepare();
        model.Calibrate(Calibration.Batches(Assets.AllPictures(), kind.Border));
        model.Convert().Save(path);
    }
}
