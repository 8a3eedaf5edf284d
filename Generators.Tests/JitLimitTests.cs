using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Kernels.Generators.Emission;
using Kernels.Generators.Specs;
using Kernels.Generators.Tests.Support;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>
/// Every plan stays inside what the JIT optimises: a method above 60,000 bytes of IL, 20,000 instructions, 2,000 basic blocks, 2,000 locals
/// or 8,000 uses of them is compiled without optimisation, and of 1,024 locals on, not all are tracked (inlined helpers bring theirs).
/// </summary>
public partial class JitLimitTests : IClassFixture<JitLimitTests.Grid>
{
    private readonly Grid _grid;

    public JitLimitTests(Grid grid) => _grid = grid;

    [Fact]
    public void Generated_files_are_shorter_than_200_KB() =>
        Assert.All(_grid.Files, file => Assert.True(file.Text.Length < 200_000, $"{file.Text.Length} characters: {file.Layer}"));

    [Fact]
    public void Generating_a_layer_takes_less_than_50_ms() =>
        Assert.All(_grid.Files, file => Assert.True(file.Milliseconds < 50, $"{file.Milliseconds:0} ms: {file.Layer}"));

    [Fact]
    public void Methods_are_small_enough_to_be_optimised()
    {
        Assert.Contains(_grid.Methods, method => method.Name.Contains("Tile", StringComparison.Ordinal) && method.Bytes > 2000);
        Assert.All(_grid.Methods, method => Assert.True(
            method is { Bytes: < 60_000, Instructions: < 20_000, Blocks: < 2_000, Locals: < 512, References: < 8_000 },
            method.ToString()));
    }

    [Fact]
    public void The_JIT_optimises_the_largest_methods()
    {
        string[] summary = _grid.Compile();

        Assert.True(summary.Length > 100, $"Only {summary.Length} methods were compiled.");
        Assert.All(summary, line => Assert.Contains("[FullOpts, ", line));
    }

    /// <summary>The grid, generated; of it the files with the longest methods, compiled.</summary>
    public sealed partial class Grid : IDisposable
    {
        // Compiling takes a second for each 100 KB, so only the worst are compiled.
        private const int Compiled = 24;

        private readonly string _path = Path.Combine(Path.GetTempPath(), $"grid-{Guid.NewGuid():N}.dll");

        public Grid()
        {
            Files = [.. PlanGrid.Layers.Select(Generate)];
            string[] worst = [.. Files.Select(file => file.Text).Distinct().Where(text => text.Length < 200_000).OrderByDescending(LongestMethod).Take(Compiled)];
            using FileStream image = File.Create(_path);
            EmitResult result = GeneratorHarness.Compile(worst).Emit(image);
            Assert.True(result.Success, string.Join("\n", result.Diagnostics.Take(10)));
            image.Position = 0;
            Methods = MethodSize.Read(image);
        }

        internal IReadOnlyList<(LayerSpec Layer, string Text, double Milliseconds)> Files { get; }

        internal IReadOnlyList<MethodSize> Methods { get; }

        /// <summary>Lets the JIT of another process compile every method that asks for it, and gives what it says of each.</summary>
        internal string[] Compile()
        {
            string log = _path + ".txt";
            try
            {
                var start = new ProcessStartInfo("dotnet", [typeof(Grid).Assembly.Location, "prepare", _path]);
                start.Environment["DOTNET_JitStdOutFile"] = log;
                start.Environment["DOTNET_JitDisasmSummary"] = "1";
                using Process process = Process.Start(start)!;
                process.WaitForExit();
                Assert.Equal(0, process.ExitCode);
                return [.. File.ReadLines(log).Where(line => KernelMethod().IsMatch(line))];
            }
            finally
            {
                File.Delete(log);
            }
        }

        public void Dispose() => File.Delete(_path);

        // The best of several: other processes run too. The first also warms up.
        private static (LayerSpec Layer, string Text, double Milliseconds) Generate(LayerSpec layer)
        {
            string text = KernelEmitter.Emit(layer).Text;
            double best = double.MaxValue;
            for (int run = 0; run < 10 && best > 10; run++)
            {
                long start = Stopwatch.GetTimestamp();
                KernelEmitter.Emit(layer);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return (layer, text, best);
        }

        private static int LongestMethod(string text) => MethodHead().Split(text).Max(method => method.Length);

        [GeneratedRegex("private static ")]
        private static partial Regex MethodHead();

        [GeneratedRegex("Conv(Transpose)?2d_\\w+:(Tile|Row)")]
        private static partial Regex KernelMethod();
    }
}
