using System;
using System.IO;
using Kernels.Models;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.FineTune;

/// <summary>The bundled weights and pictures; their README says where they are from.</summary>
internal static class Assets
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Assets");

    /// <summary>What calibration and fine-tuning see.</summary>
    public static string[] TrainingPictures { get; } = ["astronaut.png", "camera.png"];

    /// <summary>What only the comparison sees.</summary>
    public static string[] HeldOutPictures { get; } = ["chelsea.png", "text.png"];

    public static Network LoadNetwork() => new(SafetensorsFile.Load(Path.Combine(Folder, "upconv_7_scale2x.safetensors")));

    public static Picture LoadPicture(string name) => PictureFile.Load(Path.Combine(Folder, name));
}
