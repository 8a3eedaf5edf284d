using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Kernels.Fuzz.Sources;

/// <summary>Random annotated classes, and sources cut or mixed anywhere as they are while somebody types.</summary>
internal static class SourceFuzz
{
    // How many are under way between two looks at the clock.
    private const int Portion = 16;

    private static readonly string[] Attributes =
    [
        "[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 3)]",
        "[Kernels.QuantizedConvTranspose2d(InChannels = 4, OutChannels = 2, Kernel = 2, Stride = 2)]",
        "[Kernels.QuantizedLinear(InFeatures = 8, OutFeatures = 4)]",
        "[Kernels.QuantizedSequential(typeof(A), typeof(B))]",
        "[System.CodeDom.Compiler.GeneratedCode(\"a\", \"b\")]",
        "[System.Obsolete]",
    ];

    private static readonly string[] Modifiers = ["public ", "internal ", "sealed ", "static ", "abstract ", "unsafe ", "file ", "private ", "new "];

    private static readonly string[] Names = ["A", "B", "@class", "Run", "Spec", "Kernels", "System", "Kernel", "\u00c4rger", "_packed", "record", "global", "L\u0301", "String"];

    private static readonly string[] Members =
    [
        "public int Spec => 1;", "public void Run() { }", "public required int X { get; init; }", "int _kernel;", "public void Run(System.ReadOnlySpan<byte> i, int h, int w, System.Span<byte> o) { }",
        "public static A Create() => null!;", "class Run { }", "enum Packed { X }", "public Kernels.Shape4 OutputShape(Kernels.Shape4 s) => s;", "static void M<T>() { }", "~A() { }", "public A() { }",
        "private A(int x) { }", "public event System.Action Forward;", "public int this[int i] => i;", "public static implicit operator int(A a) => 1;", "const int InputQuantization = 3;", "partial void P();",
    ];

    /// <summary>Generates the corpus again.</summary>
    public static IEnumerable<string> RunCorpus()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.cs.txt"))
        {
            GeneratedSources sources = GeneratedSources.Of(File.ReadAllText(file));
            if ((sources.Problem(classes: 10) ?? sources.Miscompiled()) is string problem)
            {
                yield return $"{Path.GetFileName(file)}: {problem}";
            }
        }
    }

    /// <summary>Runs sources; those that fail go to the corpus.</summary>
    public static IEnumerable<string> Run(Options options)
    {
        var clock = Stopwatch.StartNew();
        int done = 0;
        while (done < options.Sources && options.HasTime(clock, 0.15))
        {
            int first = done;
            int count = Math.Min(Portion, options.Sources - first);
            (string Source, string? Problem)[] results = [.. Enumerable.Range(first, count).AsParallel().AsOrdered().Select(index => Try(options.Seed, index))];
            done += count;
            foreach ((string source, string? problem) in results.Where(static result => result.Problem is not null))
            {
                yield return $"{Keep(source)}: {problem}";
            }
        }

        Console.WriteLine($"sources: {done}");
    }

    private static (string Source, string? Problem) Try(int seed, int index)
    {
        var random = new Random(unchecked((seed * 1_000_003) ^ (index * 32_452_843)));
        string source = Classes(random);
        bool isWhole = index % 2 == 0;
        source = isWhole ? source : Cut(source, random);
        GeneratedSources sources = GeneratedSources.Of(source);

        // Of a source that is broken itself, generated files may be too.
        return (source, sources.Problem(classes: 10) ?? (isWhole ? sources.Miscompiled() : null));
    }

    private static string Keep(string source)
    {
        string folder = Directory.Exists("Fuzz/Corpus") ? "Fuzz/Corpus" : Directory.CreateDirectory("artifacts").FullName;
        string path = Path.Combine(folder, $"source-{System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..12]}.cs.txt");
        File.WriteAllText(path, source);
        return path;
    }

    private static string Classes(Random random)
    {
        var text = new StringBuilder();
        if (random.Next(2) == 0)
        {
            text.Append("namespace ").Append(Pick(["N", "N.Kernels", "Kernels.Generated", "@event", "System"], random)).Append(";\n");
        }

        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Class(text, random, depth: 0);
        }

        return text.ToString();
    }

    private static void Class(StringBuilder text, Random random, int depth)
    {
        for (int i = random.Next(4) == 0 ? random.Next(3) : 1; i > 0; i--)
        {
            text.Append(Pick(Attributes, random)).Append('\n');
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            text.Append(Pick(Modifiers, random));
        }

        text.Append(random.Next(8) == 0 ? string.Empty : "partial ").Append(Pick(["class ", "class ", "class ", "record ", "struct ", "interface "], random)).Append(Pick(Names, random));
        text.Append(Pick(["", "", "", "<T>", "(int x)", " : System.IDisposable", " : A", "<T> where T : class"], random));
        if (random.Next(2) == 0)
        {
            text.Append(";\n");
            return;
        }

        text.Append("\n{\n");
        for (int i = random.Next(3); i > 0; i--)
        {
            text.Append("    ").Append(Pick(Members, random)).Append('\n');
        }

        if (depth < 2 && random.Next(3) == 0)
        {
            Class(text, random, depth + 1);
        }

        text.Append("}\n");
    }

    private static string Cut(string source, Random random)
    {
        int at = random.Next(source.Length);
        int end = random.Next(at, source.Length);
        return random.Next(3) switch
        {
            0 => source[..at],
            1 => source[..at] + source[end..],
            _ => source[..at] + Pick(["(", ")", "[", "\"", "/*", "= ", "typeof(", "int.MaxValue + 1", ",", "null"], random) + source[at..],
        };
    }

    private static string Pick(string[] items, Random random) => items[random.Next(items.Length)];
}
