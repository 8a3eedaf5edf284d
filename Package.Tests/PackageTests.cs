using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Xunit;

namespace Kernels.Package.Tests;

/// <summary>What somebody meets who has the packages and not the repository.</summary>
public sealed class PackageTests(Packages packages) : IClassFixture<Packages>
{
    private const string Kernels = """<PackageReference Include="Kernels" Version="{0}" />""";

    private const string Network = """
        using Kernels;
        using Kernels.Models;
        using static Kernels.Models.Functions;

        [QuantizedModel]
        public sealed partial class Network
        {
            [QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3, Padding = 1)]
            private static partial Value Stem(Value x);

            [QuantizedConvTranspose2d(InChannels = 16, OutChannels = 3, Kernel = 2, Stride = 2)]
            private static partial Value Up(Value x);

            private static Value Forward(Value x) => Up(HardSwish(Stem(x)));
        }
        """;

    private const string Program = """
        var writer = new SafetensorsWriter();
        writer.Add("Stem.weight", [16, 3, 3, 3], Values(432));
        writer.Add("Stem.bias", [16], Values(16));
        writer.Add("Up.weight", [16, 3, 2, 2], Values(192));
        writer.Add("Up.bias", [3], Values(3));
        writer.Save("network.safetensors");
        var network = new Network(SafetensorsFile.Load("network.safetensors"));
        var picture = new FloatTensor(new Shape4(1, 3, 13, 17));
        Values(picture.Data.Length).CopyTo(picture.Data);
        network.Prepare();
        network.Calibrate(picture);
        QuantizedModel int8 = network.Convert();
        bool equal = int8.Forward(picture).Data.SequenceEqual(int8.WithGenericKernels().Forward(picture).Data);
        System.Console.WriteLine(equal ? "equal bytes" : "other bytes");

        static float[] Values(int count)
        {
            var random = new System.Random(count);
            var values = new float[count];
            foreach (ref float value in values.AsSpan())
            {
                value = random.NextSingle() - 0.5f;
            }

            return values;
        }
        """;

    [Theory]
    [InlineData("Debug")]
    [InlineData("Release")]
    public void A_program_with_the_package_runs_generated_kernels(string configuration)
    {
        string folder = packages.Project("App" + configuration, "<OutputType>Exe</OutputType><Nullable>enable</Nullable>", Kernels, Usings() + Program + Types());

        (int code, string output) = Packages.Dotnet(folder, "run", "-c", configuration);

        Assert.True(code == 0, output);
        Assert.Contains("equal bytes", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }

    [LinkerTheory]
    [InlineData("Trimmed", "-p:PublishTrimmed=true", "--self-contained")]
    [InlineData("Native", "-p:PublishAot=true", "-p:CppCompilerAndLinker=gcc")]
    public void A_published_program_without_what_it_does_not_use_gives_the_same_bytes(string name, params string[] options)
    {
        string folder = packages.Project("Published" + name, "<OutputType>Exe</OutputType><InvariantGlobalization>true</InvariantGlobalization>", Kernels, Usings() + Program + Types());
        string target = Path.Combine(folder, "published");

        (int code, string output) = Packages.Dotnet(folder, ["publish", "-c", "Release", "-r", LinkerTheoryAttribute.Platform, "-o", target, .. options]);
        Assert.True(code == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        (int ran, string printed) = Packages.Run(Path.Combine(target, "Published" + name), folder);

        Assert.True(ran == 0, printed);
        Assert.Contains("equal bytes", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_runs_the_kernels_of_a_library_that_has_the_package()
    {
        packages.Project("Library", string.Empty, Kernels, Network);
        string folder = packages.Project("LibraryApp", "<OutputType>Exe</OutputType>", """<ProjectReference Include="../Library/Library.csproj" />""", "using System;\nusing Kernels;\nusing Kernels.Models;\n" + Program);

        (int code, string output) = Packages.Dotnet(folder, "run", "-c", "Release");

        Assert.True(code == 0, output);
        Assert.Contains("equal bytes", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_without_the_generator_gets_one_error_that_says_so()
    {
        string folder = packages.Project("Excluded", string.Empty, Kernels, "public class Empty;");
        File.WriteAllText(Path.Combine(folder, "Directory.Build.targets"), """
            <Project>
              <Target Name="WithoutAnalyzers" BeforeTargets="KernelsRequireGenerator">
                <ItemGroup>
                  <Analyzer Remove="@(Analyzer)" />
                </ItemGroup>
              </Target>
            </Project>
            """);

        (int code, string output) = Packages.Dotnet(folder, "build");

        Assert.Equal(1, code);
        Assert.Equal(["KRN100"], output.Split('\n').Where(static line => line.Contains("error ", StringComparison.Ordinal)).Select(static line => line.Split("error ")[1].Split(':')[0]).Distinct());
    }

    [Fact]
    public void A_project_imports_an_ONNX_file_while_it_builds()
    {
        string model = Path.Combine(Packages.Repository(), "Samples", "Detect", "Assets", "en_PP-OCRv3_det_infer.onnx");
        string items = $"""{Kernels}<PackageReference Include="Kernels.Onnx" Version="{"{0}"}" /><OnnxModel Include="{model}" Class="Detector" Namespace="App" />""";
        string folder = packages.Project("Imports", "<OutputType>Exe</OutputType>", items, """
            using Kernels;
            using Kernels.Models;

            var detector = new App.Detector(SafetensorsFile.Load(System.IO.Path.Combine(System.AppContext.BaseDirectory, "detector.safetensors")));
            Shape4 shape = detector.OutputShape(new Shape4(1, 3, 64, 96));
            System.Console.WriteLine($"{shape.N}x{shape.C}x{shape.H}x{shape.W}");
            """);

        (int code, string output) = Packages.Dotnet(folder, "run", "-c", "Release");

        Assert.True(code == 0, output);
        Assert.Contains("1x1x64x96", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kernels", "lib/net10.0/Kernels.Runtime.dll", "lib/net10.0/Kernels.Runtime.xml", "analyzers/dotnet/cs/Kernels.Generators.dll", "analyzers/dotnet/cs/Iced.dll", "analyzers/dotnet/cs/Kernels.CodeFixes.dll", "build/Kernels.targets")]
    [InlineData("Kernels.Onnx", "lib/net10.0/Kernels.Onnx.dll", "tools/net10.0/Kernels.Tool.dll", "build/Kernels.Onnx.targets")]
    [InlineData("Kernels.Tool", "tools/net10.0/any/DotnetToolSettings.xml")]
    public void A_package_holds_its_files_with_licence_and_notices(string id, params string[] files)
    {
        using ZipArchive archive = ZipFile.OpenRead(packages.File(id));

        Assert.Empty(files.Concat(["LICENSE", "THIRD-PARTY-NOTICES.txt", "README.md"]).Except(archive.Entries.Select(static entry => entry.FullName)));
    }

    private static string Usings() => "using System;\n" + string.Join('\n', Network.Split('\n').Where(static line => line.StartsWith("using ", StringComparison.Ordinal))) + "\n";

    private static string Types() => "\n" + string.Join('\n', Network.Split('\n').Where(static line => !line.StartsWith("using ", StringComparison.Ordinal)));
}
