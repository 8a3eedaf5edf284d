using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Kernels.Package.Tests;

/// <summary>A test that publishes for this machine, for which .NET needs a linker. Without one it is skipped, but not in CI, which installs one.</summary>
public sealed class LinkerTheoryAttribute : TheoryAttribute
{
    public LinkerTheoryAttribute()
    {
        bool hasLinker = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "gcc")));
        if (!OperatingSystem.IsLinux() || (!hasLinker && Environment.GetEnvironmentVariable("CI") != "true"))
        {
            Skip = "Published for Linux, with gcc; on Debian: apt-get install gcc zlib1g-dev";
        }
    }

    /// <summary>The platform to publish for.</summary>
    public static string Platform => "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
