using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Kernels.Samples.Upscale;

/// <summary>The files that come with the program; Assets/README.md says where they are from.</summary>
internal static class Assets
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Assets");
    private static readonly string[] Names = ["astronaut.png", "camera.png", "chelsea.png", "text.png"];

    public static string Weights { get; } = Path.Combine(Folder, "upconv_7_scale2x.safetensors");

    public static string DefaultPicture { get; } = Path.Combine(Folder, "chelsea.png");

    /// <summary>Every bundled picture.</summary>
    public static IEnumerable<Picture> AllPictures() => Names.Select(name => PictureFile.Load(Path.Combine(Folder, name)));

    /// <summary>Every bundled picture but the given one.</summary>
    public static IEnumerable<Picture> PicturesOtherThan(Picture input) => AllPictures().Where(picture => !picture.SameAs(input));
}
