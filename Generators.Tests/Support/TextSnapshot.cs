using System;
using System.IO;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// A text against the committed one in <c>__snapshots__</c>. A missing snapshot is an error, here as on a build server; with the
/// environment variable <see cref="Accept"/> set to 1 it is written instead, and so is one that differs.
/// </summary>
internal static class TextSnapshot
{
    /// <summary>The environment variable by which snapshots are written anew.</summary>
    public const string Accept = "KERNELS_ACCEPT_SNAPSHOTS";

    private const string Strict = "SNAPSHOOTER_STRICT_MODE";

    /// <summary>The folder of the committed snapshots.</summary>
    public static string Folder => Path.Combine(Project, "__snapshots__");

    /// <summary>The folder where texts go that were not as committed.</summary>
    public static string Mismatches => Path.Combine(Folder, "__mismatch__");

    // Not from the compiler's paths, which a build server maps away, but from where the tests were built.
    private static string Project { get; } = FindProject();

    /// <summary>Fails when the text is not the committed one; the text is then in <c>__mismatch__</c> below the snapshots.</summary>
    public static void Match(string name, string text) => Match(name, text, Environment.GetEnvironmentVariable(Accept) == "1");

    /// <summary>The same, with the switch as an argument.</summary>
    public static void Match(string name, string text, bool accept)
    {
        Assert.DoesNotContain('\r', text);
        Environment.SetEnvironmentVariable(Strict, accept ? "off" : "on");
        var fullName = new SnapshotFullName(name + ".snap", Project);
        if (accept)
        {
            Directory.CreateDirectory(Folder);
            File.Delete(Path.Combine(Folder, fullName.Filename));
        }

        Snapshot.Match(text, fullName);
    }

    private static string FindProject()
    {
        const string File = "Generators.Tests.csproj";
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, File)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has {File}: run these tests from where they were built.");
    }
}
