using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kernels.Samples.Detect;

/// <summary>A rectangle at any angle, in pixels.</summary>
/// <param name="Centre">Its middle.</param>
/// <param name="Axis">Direction of its width, of length 1.</param>
/// <param name="Width">Its extent along the axis.</param>
/// <param name="Height">Its extent across it.</param>
internal readonly record struct RotatedBox(Vector2 Centre, Vector2 Axis, float Width, float Height)
{
    /// <summary>The shorter side.</summary>
    public float ShortSide => MathF.Min(Width, Height);

    /// <summary>The four corners, in turn.</summary>
    public Vector2[] Corners
    {
        get
        {
            Vector2 along = Axis * (Width / 2), across = Normal * (Height / 2);
            return [Centre - along - across, Centre + along - across, Centre + along + across, Centre - along + across];
        }
    }

    private Vector2 Normal => new(-Axis.Y, Axis.X);

    /// <summary>
    /// The rectangle of least area around points: one of its sides lies on a side of their convex hull (Freeman and Shapira, 1975).
    /// </summary>
    /// <param name="points">One point or more.</param>
    public static RotatedBox Around(IEnumerable<Vector2> points)
    {
        Vector2[] hull = ConvexHull(points);
        RotatedBox best = Along(hull, Vector2.UnitX);
        for (int i = 0; i < hull.Length && hull.Length > 1; i++)
        {
            RotatedBox box = Along(hull, Vector2.Normalize(hull[(i + 1) % hull.Length] - hull[i]));
            best = box.Width * box.Height < best.Width * best.Height ? box : best;
        }

        return best;
    }

    /// <summary>The box with a margin on every side.</summary>
    public RotatedBox Grow(float margin) => this with { Width = Width + 2 * margin, Height = Height + 2 * margin };

    /// <summary>The box in a picture that is so many times as large.</summary>
    public RotatedBox Scale(float factor) => new(Centre * factor, Axis, Width * factor, Height * factor);

    /// <summary>Whether a point is inside or on the border.</summary>
    public bool Contains(Vector2 point)
    {
        Vector2 from = point - Centre;
        return MathF.Abs(Vector2.Dot(from, Axis)) <= Width / 2 && MathF.Abs(Vector2.Dot(from, Normal)) <= Height / 2;
    }

    private static RotatedBox Along(Vector2[] points, Vector2 axis)
    {
        var normal = new Vector2(-axis.Y, axis.X);
        float left = points.Min(point => Vector2.Dot(point, axis)), right = points.Max(point => Vector2.Dot(point, axis));
        float top = points.Min(point => Vector2.Dot(point, normal)), bottom = points.Max(point => Vector2.Dot(point, normal));
        return new RotatedBox(axis * ((left + right) / 2) + normal * ((top + bottom) / 2), axis, right - left, bottom - top);
    }

    // Andrew's monotone chain.
    private static Vector2[] ConvexHull(IEnumerable<Vector2> points)
    {
        Vector2[] sorted = [.. points.Distinct().OrderBy(static point => point.X).ThenBy(static point => point.Y)];
        if (sorted.Length < 3)
        {
            return sorted;
        }

        List<Vector2> lower = Chain(sorted), upper = Chain(sorted.Reverse());
        return [.. lower.SkipLast(1), .. upper.SkipLast(1)];

        static List<Vector2> Chain(IEnumerable<Vector2> points)
        {
            var chain = new List<Vector2>();
            foreach (Vector2 point in points)
            {
                while (chain.Count > 1 && Cross(chain[^1] - chain[^2], point - chain[^2]) <= 0)
                {
                    chain.RemoveAt(chain.Count - 1);
                }

                chain.Add(point);
            }

            return chain;
        }
    }

    private static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
}
