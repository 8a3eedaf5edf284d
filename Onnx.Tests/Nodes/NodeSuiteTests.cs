using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Kernels.Onnx.Tests.Nodes;

/// <summary>The backend suite's tests of single operators, in float within the suite's tolerance.</summary>
public sealed class NodeSuiteTests
{
    private const string Start = "<!-- nodes -->";
    private const string End = "<!-- /nodes -->";

    [Fact]
    public void Node_tests_pass_or_say_why_they_cannot()
    {
        var failures = new List<string>();
        int passed = 0;
        foreach (string name in NodeFiles.Names)
        {
            try
            {
                passed += NodeFiles.Test(name).Run() is null ? 1 : 0;
            }
            catch (Exception exception)
            {
                failures.Add($"{name}: {exception.GetType().Name} {exception.Message}");
            }
        }

        Assert.Empty(failures);
        Assert.True(passed > 0);
    }

    [Fact]
    public void The_table_in_the_documentation_is_what_the_tests_give()
    {
        if (!NodeFiles.AreOwn)
        {
            return;
        }

        string path = Path.Combine(Repository.Root, "docs", "onnx.md");
        string text = File.ReadAllText(path);
        int start = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        string table = $"\n{Table()}";
        if (text[start..end] != table && Environment.GetEnvironmentVariable("KERNELS_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..start] + table + text[end..]);
            return;
        }

        Assert.Equal(table, text[start..end]);
    }

    /// <summary>Operators with how many of their tests pass, then what is not supported and why.</summary>
    private static string Table()
    {
        var rows = new SortedDictionary<string, (int Passed, int All)>(StringComparer.Ordinal);
        var reasons = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (NodeTest test in NodeFiles.Names.Select(NodeFiles.Test))
        {
            string? reason = test.Run();
            string operators = test.Graph.Nodes.Count == 1 ? test.Graph.Nodes[0].FullOperator : "written as other operators";
            (int passed, int all) = rows.GetValueOrDefault(operators);
            rows[operators] = (passed + (reason is null ? 1 : 0), all + 1);
            if (reason is not null)
            {
                (reasons.TryGetValue(reason, out SortedSet<string>? names) ? names : reasons[reason] = new(StringComparer.Ordinal)).Add(test.Name["test_".Length..]);
            }
        }

        var text = new StringBuilder($"{rows.Values.Sum(static row => row.Passed)} of {rows.Values.Sum(static row => row.All)} tests pass.\n\n| operator | tests that pass |\n|---|---|\n");
        foreach ((string operators, (int passed, int all)) in rows)
        {
            text.Append($"| {operators} | {passed} of {all} |\n");
        }

        text.Append("\nThe others, with the reason that the import gives:\n\n| reason | tests |\n|---|---|\n");
        foreach ((string reason, SortedSet<string> names) in reasons)
        {
            text.Append($"| {reason} | {string.Join(", ", names)} |\n");
        }

        return text.ToString();
    }
}
