using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Xunit;

namespace Kernels.Package.Tests;

/// <summary>The packages, packed into a folder of their own, and projects outside the repository that restore from it.</summary>
public sealed class Packages : IDisposable
{
    // A version of its own: the machine's cache may hold packages of another build.
    private readonly string _version = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-packages-").FullName;

    public Packages()
    {
        foreach (string project in new[] { "Runtime", "Onnx", "Tool" })
        {
            (int code, string output) = Dotnet(Repository(), "pack", project, "-c", "Release", "--no-build", "--output", Path.Combine(_folder, "feed"), $"-p:PackageVersion={_version}");
            Assert.True(code == 0, output);
        }
    }

    /// <summary>The file of a package.</summary>
    public string File(string id) => Path.Combine(_folder, "feed", $"{id}.{_version}.nupkg");

    /// <summary>Writes a project.</summary>
    /// <param name="name">Its folder and name.</param>
    /// <param name="properties">MSBuild properties.</param>
    /// <param name="items">Items; {0} is the packages' version.</param>
    /// <param name="source">Its source.</param>
    /// <returns>Its folder.</returns>
    public string Project(string name, string properties, string items, string source)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        System.IO.File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestoreAdditionalProjectSources>{Path.Combine(_folder, "feed")}</RestoreAdditionalProjectSources>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {items.Replace("{0}", _version, StringComparison.Ordinal)}
              </ItemGroup>
            </Project>
            """);
        System.IO.File.WriteAllText(Path.Combine(folder, "Source.cs"), source);
        return folder;
    }

    /// <summary>Runs dotnet.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static (int Code, string Output) Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    /// <summary>Runs a program.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static (int Code, string Output) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>The repository's root.</summary>
    public static string Repository([CallerFilePath] string path = "")
    {
        // Of a deterministic build the path is none of this machine's.
        string? folder = System.IO.File.Exists(path) ? Path.GetDirectoryName(path) : AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "Kernels.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("Kernels.sln is in no folder above.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
