using System.IO;
using System.Text.Json;

namespace Kernels.Samples.Workloads;

/// <summary>Reads the files of results back.</summary>
internal static class ResultFile
{
    /// <summary>Reads a result.</summary>
    /// <param name="path">Its file, without the extension.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="maxPixels">The most pixels it may have.</param>
    /// <exception cref="PictureException">It is damaged.</exception>
    public static Result Read(string path, ResultKind kind, long maxPixels) => kind == ResultKind.Picture
        ? new PictureResult(PictureCodec.Decode(File.ReadAllBytes(path + ".png"), maxPixels))
        : new BoxesResult(JsonSerializer.Deserialize<Box[]>(File.ReadAllBytes(path + ".json"), JsonSerializerOptions.Web) ?? []);
}
