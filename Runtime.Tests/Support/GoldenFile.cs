using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Kernels.Models;

namespace Kernels.Tests.Support;

/// <summary>
/// The cases of one golden file. The folder is that of the environment variable KERNELS_GOLDEN, or the copy beside the tests.
/// </summary>
public static class GoldenFile
{
    public static string Folder => Environment.GetEnvironmentVariable("KERNELS_GOLDEN") is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>Loads every case of a file; a file without cases is an error, since it would prove nothing.</summary>
    public static IReadOnlyList<GoldenCase> Load(string name)
    {
        string path = Path.Combine(Folder, name + ".safetensors");
        SafetensorsFile file = SafetensorsFile.Load(path);
        using JsonDocument document = JsonDocument.Parse(file.Metadata["cases"]);
        var cases = new List<GoldenCase>();
        foreach (JsonElement parameters in document.RootElement.EnumerateArray())
        {
            cases.Add(new GoldenCase(parameters.Clone(), file));
        }

        return cases.Count > 0 ? cases : throw new InvalidDataException($"{path} has no cases.");
    }
}
