using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The head of a network's file: the graph as Mermaid, and the table of its steps.</summary>
internal static class NetworkRemarks
{
    public static void Emit(CodeWriter code, NetworkSpec network, NetworkPlan? plan)
    {
        code.Line("/// <remarks>");
        if (plan is null)
        {
            code.Line("/// Runs layer by layer: the compiler could not read all of Forward, and says where.");
        }
        else
        {
            code.Line("/// <code>");
            foreach (string line in Mermaid(plan).Append(string.Empty).Concat(Table(plan)))
            {
                code.Line(line.Length == 0 ? "///" : "/// " + line.Replace("&", "&amp;").Replace("<", "&lt;"));
            }

            code.Line("/// </code>");
        }

        code.Line("/// </remarks>");
    }

    /// <summary>The graph, for any viewer of Mermaid.</summary>
    public static IEnumerable<string> Mermaid(NetworkPlan plan)
    {
        var numbers = new Dictionary<string, int> { [plan.Graph.NameOf(0)] = 0 };
        yield return "flowchart TD";
        yield return $"    n0([\"{plan.Graph.NameOf(0)} {plan.Graph.Input}\"])";
        foreach (NetworkStep step in plan.Steps)
        {
            int number = numbers.Count;
            numbers[step.Name] = number;
            yield return $"    n{Text.Number(number)}[\"{Title(step)}\"]";
            yield return $"    {string.Join(" & ", step.Inputs.Select(input => "n" + Text.Number(numbers[input])).Distinct())} --> n{Text.Number(number)}";
        }
    }

    /// <summary>A line for each step: what it computes, the shape of its output, its kernel.</summary>
    public static IEnumerable<string> Table(NetworkPlan plan)
    {
        string[][] rows =
        [
            ["step", "computes", "reads", "output", "kernel"],
            .. plan.Steps.Select((step, index) => (string[])
            [
                Text.Number(index + 1),
                Title(step),
                string.Join(", ", step.Inputs),
                step.Shape.ToString(),
                step.Kernel is LayerSpec kernel ? KernelName.Of(kernel) : step.Operation,
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Title(NetworkStep step) => string.Join(" + ", step.Parts);
}
