using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>Steps in a row that a network has several times, with other weights.</summary>
/// <param name="Length">How many steps.</param>
/// <param name="Starts">Places of the first step of each, in order.</param>
internal sealed record RepeatedBlock(int Length, IReadOnlyList<int> Starts);

/// <summary>
/// Finds what a person would write once: runs of steps that read one value and make one, and that occur again with the same layers in the same places, where a
/// class for them makes the source shorter.
/// </summary>
internal static class RepeatedBlocks
{
    private const int LeastSteps = 3;
    private const int MostSteps = 64;

    // Lines of a class without its layers and steps, of a layer, and of a method and call of a block.
    private const int ClassLines = 9;
    private const int LayerLines = 4;
    private const int CallLines = 5;

    /// <summary>The blocks, none of which overlap.</summary>
    /// <param name="steps">The steps; place 1 is the first, as value 1 is what it makes.</param>
    public static IReadOnlyList<RepeatedBlock> Find(IReadOnlyList<Step> steps)
    {
        Dictionary<string, List<int>> windows = Windows(steps);
        var isTaken = new bool[steps.Count + 1];
        var blocks = new List<RepeatedBlock>();
        while (Best(windows, steps, isTaken) is { } block)
        {
            blocks.Add(block);
            foreach (int start in block.Starts)
            {
                Array.Fill(isTaken, true, start, block.Length);
            }
        }

        return blocks;
    }

    private static RepeatedBlock? Best(Dictionary<string, List<int>> windows, IReadOnlyList<Step> steps, bool[] isTaken)
    {
        RepeatedBlock? best = null;
        int most = 0;
        foreach ((string text, List<int> starts) in windows)
        {
            int length = text.Count(static c => c == '\n');
            List<int> free = Apart(starts, length, isTaken);
            if (free.Count > 1 && Saved(steps, free, length) is var saved && saved > most)
            {
                (best, most) = (new RepeatedBlock(length, free), saved);
            }
        }

        return best;
    }

    private static List<int> Apart(List<int> starts, int length, bool[] isTaken)
    {
        var apart = new List<int>();
        foreach (int start in starts)
        {
            if ((apart.Count == 0 || start >= apart[^1] + length) && !isTaken.AsSpan(start, length).Contains(true))
            {
                apart.Add(start);
            }
        }

        return apart;
    }

    private static int Saved(IReadOnlyList<Step> steps, List<int> starts, int length)
    {
        int lines = length + LayerLines * Enumerable.Range(starts[0], length).Count(place => SourcePlan.IsLayer(steps[place - 1]));
        return (starts.Count - 1) * lines - ClassLines - starts.Count * CallLines;
    }

    /// <summary>Where each run of steps begins that could be a block, by its text of a line a step; only runs that occur again.</summary>
    private static Dictionary<string, List<int>> Windows(IReadOnlyList<Step> steps)
    {
        int[] lastReaders = LastReaders(steps);
        string[] texts = [.. steps.Select(Text)];
        var windows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int start = 1; start <= steps.Count; start++)
        {
            var text = new StringBuilder();
            int outside = -1;
            int readUntil = 0;
            bool hasLayer = false;
            for (int place = start; place <= steps.Count && place < start + MostSteps; place++)
            {
                Step step = steps[place - 1];
                int[] external = [.. step.Inputs.Where(input => input < start).Distinct()];
                if (external.Length > 1 || (external.Length == 1 && outside >= 0 && outside != external[0]))
                {
                    break;
                }

                outside = external.Length == 1 ? external[0] : outside;
                hasLayer |= SourcePlan.IsLayer(step);
                text.Append(texts[place - 1]).AppendJoin(',', step.Inputs.Select(input => input < start ? 0 : place - input)).Append('\n');
                if (place - start + 1 >= LeastSteps && hasLayer && readUntil <= place)
                {
                    string key = text.ToString();
                    (windows.TryGetValue(key, out List<int>? starts) ? starts : windows[key] = []).Add(start);
                }

                readUntil = Math.Max(readUntil, lastReaders[place]);
            }
        }

        return windows.Where(static window => window.Value.Count > 1).OrderBy(static window => window.Value[0]).ToDictionary(StringComparer.Ordinal);
    }

    // What a step computes, but for numbers in tensors.
    private static string Text(Step step) => (SourcePlan.IsLayer(step) ? LayerAttributes.Of(step.Operation) : Expressions.Of(step.Operation, ["x", "y"]) ?? step.Operation.Text).ReplaceLineEndings(" ") + ":";

    // The last step that reads each value; the network's output is read behind all.
    private static int[] LastReaders(IReadOnlyList<Step> steps)
    {
        var last = new int[steps.Count + 1];
        for (int place = 1; place <= steps.Count; place++)
        {
            foreach (int input in steps[place - 1].Inputs)
            {
                last[input] = place;
            }
        }

        last[^1] = int.MaxValue;
        return last;
    }
}
