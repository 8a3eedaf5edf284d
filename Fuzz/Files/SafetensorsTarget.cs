using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Models;

namespace Kernels.Fuzz.Files;

/// <summary>Safetensors files of any tensors: all are converted, and what was read is written and read again.</summary>
internal sealed class SafetensorsTarget : FileTarget
{
    public override string Name => "safetensors";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Seed()];

    public override Action? Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Load(path);
        return () =>
        {
            foreach (SafetensorsTensor tensor in file.Tensors.Values)
            {
                Refusable(() => tensor.ToFloatWeight());
                Refusable(() => tensor.ToSingles());
                Refusable(() => tensor.ToInt64s());
                Refusable(() => tensor.ToSBytes());
                _ = tensor.ToString();
            }

            foreach (string name in file.Tensors.Keys.Take(4))
            {
                Refusable(() => LayerWeights.Read(file, name.Replace(".weight", string.Empty, StringComparison.Ordinal)));
            }
        };
    }

    private static void Refusable(Action action)
    {
        try
        {
            action();
        }
        catch (InvalidDataException)
        {
        }
    }

    private static byte[] Seed()
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", "pt");
        writer.Add("conv.weight", [2, 3, 1, 2], new float[12]);
        writer.Add("conv.bias", [2], [1f, 2f]);
        writer.Add("half", [3], [(Half)1, (Half)2, (Half)3]);
        writer.Add("codes", [5], new sbyte[5]);
        writer.Add("bytes", [0, 4], ReadOnlySpan<byte>.Empty);
        writer.Add("step", [], [7L]);
        writer.Add("index", [2, 2], [1, 2, 3, 4]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
