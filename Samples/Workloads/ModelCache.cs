using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;

namespace Kernels.Samples.Workloads;

/// <summary>A folder of converted models, so that only the first start calibrates.</summary>
/// <param name="folder">The folder; nothing for the user's own.</param>
internal sealed class ModelCache(string? folder = null)
{
    private readonly string _folder = folder ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home ? home : Path.GetTempPath(),
        "kernels-samples");

    /// <summary>Finds a model or makes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">The class of the network. Another version of its code, or of the library's, makes another model.</param>
    /// <param name="ingredients">What it is made from.</param>
    /// <param name="save">Makes it and writes it to a file.</param>
    /// <returns>The file.</returns>
    public string GetOrAdd(string name, Type network, IEnumerable<byte[]> ingredients, Action<string> save)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(typeof(Kernels.Models.SafetensorsFile).Module.ModuleVersionId.ToByteArray());
        hash.AppendData(network.Module.ModuleVersionId.ToByteArray());
        foreach (byte[] ingredient in ingredients)
        {
            hash.AppendData(SHA256.HashData(ingredient));
        }

        string path = Path.Combine(_folder, $"{name}.{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}.int8.safetensors");
        if (!File.Exists(path))
        {
            // Under its name only when it is whole, since other processes may look for it.
            Directory.CreateDirectory(_folder);
            string partial = $"{path}.{Guid.NewGuid():N}";
            save(partial);
            File.Move(partial, path, overwrite: true);
        }

        return path;
    }
}
