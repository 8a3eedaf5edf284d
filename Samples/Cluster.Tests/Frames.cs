using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Xunit;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>A folder of frames that are all different, and one for their results.</summary>
internal sealed class Frames : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-frames-").FullName;
    private readonly Picture[] _pictures;

    public Frames(int count, int width, int height)
    {
        Directory.CreateDirectory(Input);
        _pictures = [.. Enumerable.Range(0, count).Select(i => Noise(width, height, i))];
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(Input, $"frame{i:D4}.png"), PictureCodec.Encode(_pictures[i]));
        }
    }

    public string Input => Path.Combine(_folder, "in");

    public string Output => Path.Combine(_folder, "out");

    public static Picture Noise(int width, int height, int seed)
    {
        var picture = new Picture(width, height);
        new Random(seed).NextBytes(picture.Pixels);
        return picture;
    }

    /// <summary>Fails unless the results are those of a loop in this process: one for each frame, every byte equal, and nothing else.</summary>
    /// <returns>SHA-256 of the hashes of all results.</returns>
    public string AssertComplete(IWorkload workload)
    {
        var hashes = new List<byte>();
        Assert.Equal(
            Enumerable.Range(0, _pictures.Length).Select(i => $"frame{i:D4}.png"),
            Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order());
        for (int i = 0; i < _pictures.Length; i++)
        {
            Picture expected = Compute(workload, _pictures[i]);
            Assert.Equal(expected.Pixels, PictureCodec.Decode(File.ReadAllBytes(Path.Combine(Output, $"frame{i:D4}.png")), long.MaxValue).Pixels);
            hashes.AddRange(SHA256.HashData(expected.Pixels));
        }

        return Convert.ToHexStringLower(SHA256.HashData(hashes.ToArray()));
    }

    /// <summary>A picture in a loop in this process.</summary>
    public static Picture Compute(IWorkload workload, Picture picture)
    {
        IResultBuilder whole = workload.Assemble(picture.Width, picture.Height);
        foreach (Region tile in Tiler.Cut(picture.Width, picture.Height, workload.Tile))
        {
            whole.Add(tile, workload.Run(Tiler.Padded(picture, tile, workload.Halo), tile));
        }

        return ((PictureResult)whole.Build()).Picture;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
