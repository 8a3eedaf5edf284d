using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>A test that needs redis-server. Without it the test is skipped, but not in CI, which installs it.</summary>
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (Path is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "There is no redis-server; on Debian: apt-get install redis-server";
        }
    }

    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, "redis-server"))
        .FirstOrDefault(File.Exists);
}
