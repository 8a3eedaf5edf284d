using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models;

namespace Kernels.Tests.Models;

/// <summary>Writes a file again with something changed.</summary>
internal static class SafetensorsChange
{
    public static void Save(
        SafetensorsFile file,
        string path,
        Action<Dictionary<string, string>>? metadata = null,
        Action<string, float[]>? floats = null,
        Action<string, int[]>? integers = null,
        string? drop = null,
        Action<SafetensorsWriter>? add = null)
    {
        var writer = new SafetensorsWriter();
        var header = new Dictionary<string, string>(file.Metadata);
        metadata?.Invoke(header);
        foreach ((string name, string value) in header)
        {
            writer.AddMetadata(name, value);
        }

        foreach (SafetensorsTensor tensor in file.Tensors.Values.Where(tensor => tensor.Name != drop))
        {
            int[] shape = [.. tensor.Shape];
            if (tensor.Type == SafetensorsType.F32)
            {
                float[] data = tensor.ToSingles();
                floats?.Invoke(tensor.Name, data);
                writer.Add(tensor.Name, shape, data);
            }
            else if (tensor.Type == SafetensorsType.I32)
            {
                int[] data = tensor.ToInt32s();
                integers?.Invoke(tensor.Name, data);
                writer.Add(tensor.Name, shape, data);
            }
            else if (tensor.Type == SafetensorsType.I64)
            {
                writer.Add(tensor.Name, shape, tensor.ToInt64s());
            }
            else
            {
                writer.Add(tensor.Name, shape, tensor.ToSBytes());
            }
        }

        add?.Invoke(writer);
        writer.Save(path);
    }
}
