using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Kernels.Samples.Detect;

/// <summary>The files that come with the program.</summary>
internal static class Assets
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Assets");

    /// <summary>Float weights of the detector.</summary>
    public static string Weights { get; } = Path.Combine(Folder, "detector.safetensors");

    /// <summary>Pictures with text.</summary>
    public static IReadOnlyList<string> Scenes { get; } = [.. Directory.GetFiles(Path.Combine(Folder, "scenes"), "*.png").Order(StringComparer.Ordinal)];

    /// <summary>The picture for a user who names none.</summary>
    public static string DefaultScene => Scenes.First(static path => Path.GetFileName(path) == "poster.png");
}
