using System;
using System.IO;
using System.Linq;
using System.Numerics;
using Kernels.Samples.Detect;
using Kernels.Samples.Upscale;
using Assets = Kernels.Samples.Detect.Assets;

namespace Kernels.Samples.Workloads;

/// <summary>
/// Finds text with PP-OCRv3's detector, whose gates average over all they see: a picture is one tile, shrunk where it is large. The network has no state, so
/// one instance serves all threads.
/// </summary>
internal sealed class TextWorkload : IWorkload
{
    /// <summary>Longest side that the network sees, in pixels.</summary>
    private const int MostSide = 960;

    private readonly Func<FloatTensor, FloatTensor> _network;

    private TextWorkload(Func<FloatTensor, FloatTensor> network, string model, IWorkload? floatTwin)
    {
        _network = network;
        Model = model;
        Float = floatTwin;
    }

    public string Name => "text";

    public string Title => "Find text (PP-OCRv3)";

    public ResultKind Output => ResultKind.Boxes;

    // More than any picture has.
    public int Tile => 1 << 24;

    public int Halo => 0;

    public int Scale => 1;

    public string Model { get; }

    public IWorkload? Float { get; }

    /// <summary>Loads the detector, and calibrates it with the bundled scenes where the cache has no converted one.</summary>
    public static TextWorkload Load(ModelCache cache)
    {
        byte[] weights = File.ReadAllBytes(Assets.Weights);
        string path = cache.GetOrAdd("text", typeof(Detector), [weights, .. Assets.Scenes.Select(File.ReadAllBytes)], target => TextDetectors.Calibrated(Assets.Scenes).Int8.Save(target));
        TextDetectors detectors = TextDetectors.Load(path);
        var floats = new TextWorkload(detectors.Float.Forward, Result.Hash(weights), floatTwin: null);
        return new TextWorkload(detectors.Int8.Forward, Result.Hash(File.ReadAllBytes(path)), floats);
    }

    public Result Run(Picture padded, Region tile)
    {
        NetworkInput input = NetworkInput.Of(padded.Pixels, padded.Width, padded.Height, MostSide);
        var offset = new Vector2(tile.X, tile.Y);
        return new BoxesResult([.. TextBoxes.Find(input.Map(_network(input.Tensor))).Select(text => ToBox(text, input.Scale, offset))]);
    }

    public IResultBuilder Assemble(int width, int height) => new BoxesBuilder();

    private static Box ToBox(TextBox text, float scale, Vector2 offset)
    {
        Vector2[] corners = text.Outline.Scale(scale).Corners;
        int first = Enumerable.Range(0, corners.Length).MinBy(i => corners[i].X + corners[i].Y);
        return new Box(
            [.. Enumerable.Range(first, corners.Length).Select(i => corners[i % corners.Length] + offset).SelectMany(corner => new[] { Rounded(corner.X), Rounded(corner.Y) })],
            Rounded((float)text.Score));
    }

    private static float Rounded(float value) => MathF.Round(value, 2);
}
