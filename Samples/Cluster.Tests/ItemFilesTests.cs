using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Work;
using Xunit;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>Files of a job's items.</summary>
public sealed class ItemFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-items-").FullName;

    [Fact]
    public void What_a_killed_process_left_of_a_file_goes_when_the_file_is_written()
    {
        string path = Path.Combine(_folder, "frame1.png");
        File.WriteAllBytes(path + ".0cc4.part", [1]);
        File.WriteAllBytes(Path.Combine(_folder, "frame2.png.0cc4.part"), [2]);
        ItemFiles.Write(path, [1, 2, 3]);

        // That of another frame may be in the making.
        Assert.Equal(["frame1.png", "frame2.png.0cc4.part"], Directory.EnumerateFiles(_folder).Select(static file => Path.GetFileName(file)!).Order());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Two_that_write_the_same_file_leave_it_whole_and_nothing_else()
    {
        string path = Path.Combine(_folder, "frame.png");
        byte[] file = [.. Enumerable.Range(0, 50_000).Select(static i => (byte)i)];
        Parallel.For(0, 200, _ => ItemFiles.Write(path, file));

        Assert.Equal([path], Directory.EnumerateFiles(_folder));
        Assert.Equal(file, File.ReadAllBytes(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
