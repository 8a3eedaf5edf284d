using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Kernels.Samples.Service.Tests;

/// <summary>A test that needs a Chromium. Without one it is skipped, but not in CI, which installs one.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    public BrowserFactAttribute()
    {
        if (Path is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "There is no Chromium; on Debian: apt-get install chromium";
        }
    }

    public static string? Path { get; } = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
