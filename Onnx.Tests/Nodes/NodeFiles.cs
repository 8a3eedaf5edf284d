using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Kernels.Onnx.Tests.Nodes;

/// <summary>
/// The node tests of the ONNX backend suite (onnx/onnx, Apache 2.0): those in Data/node.zip, or in the folder that the environment variable
/// KERNELS_ONNX_NODES names.
/// </summary>
internal static class NodeFiles
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("KERNELS_ONNX_NODES");
    private static readonly Lazy<IReadOnlyDictionary<string, NodeFile>> Files = new(Read);

    /// <summary>Whether these are the tests of the repository.</summary>
    public static bool AreOwn => string.IsNullOrEmpty(Folder);

    public static IEnumerable<string> Names => Files.Value.Keys;

    public static NodeTest Test(string name) => NodeTest.Read(Files.Value[name]);

    private static SortedDictionary<string, NodeFile> Read()
    {
        var files = new SortedDictionary<string, NodeFile>(StringComparer.Ordinal);
        if (!AreOwn)
        {
            foreach (string folder in Directory.GetDirectories(Folder!).Where(static folder => File.Exists(Path.Combine(folder, "model.onnx"))))
            {
                var file = new NodeFile(Path.GetFileName(folder));
                foreach (string path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
                {
                    file.Parts[Path.GetRelativePath(folder, path).Replace('\\', '/')] = File.ReadAllBytes(path);
                }

                files[file.Name] = file;
            }

            return files;
        }

        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "node.zip"));
        foreach (ZipArchiveEntry entry in archive.Entries.Where(static entry => entry.FullName.Contains('/', StringComparison.Ordinal)))
        {
            string name = entry.FullName[..entry.FullName.IndexOf('/', StringComparison.Ordinal)];
            if (!files.TryGetValue(name, out NodeFile? file))
            {
                files[name] = file = new NodeFile(name);
            }

            using Stream stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            file.Parts[entry.FullName[(name.Length + 1)..]] = bytes.ToArray();
        }

        return files;
    }
}
