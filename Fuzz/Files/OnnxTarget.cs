using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Kernels.Models;
using Kernels.Onnx;

namespace Kernels.Fuzz.Files;

/// <summary>ONNX files: one that is imported runs, in float and as the int8 network that it may describe. They begin as the node tests of ONNX.</summary>
internal sealed class OnnxTarget : FileTarget
{
    // As with models: what needs more is slow for a reason that a caller knows from OutputShape.
    private const int MostElements = 1 << 18;
    private const int MostBytes = 16 << 20;

    public override string Name => "onnx";

    public override string Extension => ".onnx";

    public override IReadOnlyList<byte[]> Seeds { get; } = ReadSeeds();

    public override byte[] Mutate(byte[] file, Random random) => OnnxMutator.Mutate(file, random);

    public override Action? Read(string path)
    {
        OnnxModel model;
        try
        {
            model = OnnxModel.Load(path);
        }
        catch (Exception exception) when (exception is OnnxFormatException or UnsupportedOnnxException)
        {
            return null;
        }

        return () => Run(model);
    }

    private static void Run(OnnxModel model)
    {
        Shape4 shape = model.Network.PhysicalInput;
        Shape4 output = model.Float.OutputShape(shape);
        if (shape.Count > MostElements || output.Count > MostElements || model.Float.WorkingMemory(shape) > MostBytes)
        {
            return;
        }

        FloatTensor batch = Networks.Batch(shape);
        model.Float.Forward(batch);
        if (model.Quantized is { } quantized && quantized.WorkingMemory(shape) <= MostBytes)
        {
            quantized.Forward(batch);
        }
    }

    private static List<byte[]> ReadSeeds()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Onnx");
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(folder, "node.zip"));
        List<byte[]> seeds = [.. archive.Entries.Where(static entry => entry.Name == "model.onnx").Select(Read)];

        // Networks with many nodes, as often as there are tests of one.
        foreach (string path in Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
        {
            seeds.AddRange(Enumerable.Repeat(File.ReadAllBytes(path), 40));
        }

        return seeds;
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
