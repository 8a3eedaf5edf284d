using System;
using System.IO;
using Kernels.Models;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests;

public class GoldenFolderTests
{
    [Fact]
    public void Every_file_of_the_folder_has_cases_with_tensors()
    {
        string[] paths = Directory.GetFiles(GoldenFile.Folder, "*.safetensors");
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            SafetensorsFile file = SafetensorsFile.Load(path);
            foreach (GoldenCase golden in GoldenFile.Load(Path.GetFileNameWithoutExtension(path)))
            {
                Assert.Contains(file.Tensors.Keys, name => name.StartsWith(golden.Id + ".", StringComparison.Ordinal));
            }
        }
    }
}
