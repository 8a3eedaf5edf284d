using System;
using System.Linq;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>A network that doubles pictures.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Border">Pixels that it takes off each side of its input.</param>
/// <param name="Weights">The file of its float weights.</param>
/// <param name="Load">Makes the float network.</param>
/// <param name="LoadConverted">Reads the int8 network that was saved.</param>
/// <param name="Wrap">Makes a network of any size from one that takes some only.</param>
internal sealed record UpscaleModel(
    string Name, int Border, string Weights, Func<AnnotatedModel> Load, Func<string, QuantizedModel> LoadConverted, Func<IPixelNetwork, IPixelNetwork> Wrap)
{
    /// <summary>Small and fast.</summary>
    public static readonly UpscaleModel Upconv7 = new(
        "upconv_7",
        Kernels.Samples.Upscale.Upconv7.Border,
        Assets.Weights,
        static () => new Upconv7(SafetensorsFile.Load(Assets.Weights)),
        Kernels.Samples.Upscale.Upconv7.Load,
        static network => network);

    /// <summary>Better, with four times the work.</summary>
    public static readonly UpscaleModel Cunet = new(
        "cunet",
        Kernels.Samples.Upscale.Cunet.Border,
        Assets.CunetWeights,
        static () => new Cunet(SafetensorsFile.Load(Assets.CunetWeights)),
        Kernels.Samples.Upscale.Cunet.Load,
        static network => new EvenTiles(network));

    private static readonly UpscaleModel[] All = [Upconv7, Cunet];

    /// <summary>The model of a name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static UpscaleModel Find(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? throw new UserException($"There is no model '{name}'; there are {string.Join(" and ", All.Select(static model => model.Name))}.");
}
