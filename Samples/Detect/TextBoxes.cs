using System;
using System.Collections.Generic;
using System.Numerics;

namespace Kernels.Samples.Detect;

/// <summary>
/// From a map to boxes, as DBNet's post-processing (Liao and others, 2020) does it: connected regions of text, the rectangle of least area
/// around each, and, since the network learns text shrunk, a margin of area * 1.5 / perimeter.
/// </summary>
internal static class TextBoxes
{
    private const float UnclipRatio = 1.5f;

    // What is less certain on average is no text.
    private const float LeastScore = 0.6f;

    // Of the shrunk box and of the grown one, in pixels of the map.
    private const float LeastSide = 3;
    private const float LeastGrownSide = 5;

    /// <summary>The boxes of a map, from top to bottom as their regions begin.</summary>
    public static IReadOnlyList<TextBox> Find(ProbabilityMap map)
    {
        var boxes = new List<TextBox>();
        foreach (List<Vector2> region in Regions(map))
        {
            RotatedBox box = RotatedBox.Around(region);
            if (box.ShortSide < LeastSide || Score(map, box) is var score && score < LeastScore)
            {
                continue;
            }

            // The rectangle around a rectangle's offset at some distance is that rectangle with a margin.
            RotatedBox grown = box.Grow(box.Width * box.Height * UnclipRatio / (2 * (box.Width + box.Height)));
            if (grown.ShortSide >= LeastGrownSide)
            {
                boxes.Add(new TextBox(grown, score));
            }
        }

        return boxes;
    }

    // Pixels of text that touch, at corners too.
    private static IEnumerable<List<Vector2>> Regions(ProbabilityMap map)
    {
        var seen = new bool[map.Values.Length];
        var open = new Stack<(int X, int Y)>();
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start] || !map.IsText(start % map.Width, start / map.Width))
            {
                continue;
            }

            var region = new List<Vector2>();
            seen[start] = true;
            open.Push((start % map.Width, start / map.Width));
            while (open.TryPop(out (int X, int Y) at))
            {
                region.Add(new Vector2(at.X, at.Y));
                for (int y = Math.Max(0, at.Y - 1); y <= Math.Min(map.Height - 1, at.Y + 1); y++)
                {
                    for (int x = Math.Max(0, at.X - 1); x <= Math.Min(map.Width - 1, at.X + 1); x++)
                    {
                        if (!seen[y * map.Width + x] && map.IsText(x, y))
                        {
                            seen[y * map.Width + x] = true;
                            open.Push((x, y));
                        }
                    }
                }
            }

            yield return region;
        }
    }

    // The mean probability inside.
    private static double Score(ProbabilityMap map, RotatedBox box)
    {
        double sum = 0;
        int count = 0;
        (int left, int top, int right, int bottom) = Bounds(map, box);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                if (box.Contains(new Vector2(x, y)))
                {
                    sum += map[x, y];
                    count++;
                }
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static (int Left, int Top, int Right, int Bottom) Bounds(ProbabilityMap map, RotatedBox box)
    {
        Vector2 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (Vector2 corner in box.Corners)
        {
            (low, high) = (Vector2.Min(low, corner), Vector2.Max(high, corner));
        }

        return (
            Math.Clamp((int)MathF.Floor(low.X), 0, map.Width - 1),
            Math.Clamp((int)MathF.Floor(low.Y), 0, map.Height - 1),
            Math.Clamp((int)MathF.Ceiling(high.X), 0, map.Width - 1),
            Math.Clamp((int)MathF.Ceiling(high.Y), 0, map.Height - 1));
    }
}
