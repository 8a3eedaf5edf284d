using System;

namespace Kernels.Samples.Detect;

/// <summary>How likely each pixel belongs to text, row by row.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Values">Probabilities.</param>
internal sealed record ProbabilityMap(int Width, int Height, float[] Values)
{
    /// <summary>Above it a pixel is text.</summary>
    public const float Threshold = 0.3f;

    /// <summary>The probability of a pixel.</summary>
    public float this[int x, int y] => Values[y * Width + x];

    /// <summary>Whether a pixel is text.</summary>
    public bool IsText(int x, int y) => this[x, y] > Threshold;

    /// <summary>Text of both maps over text of either; 1 where neither has any.</summary>
    public double IntersectionOverUnion(ProbabilityMap other)
    {
        if (Width != other.Width || Height != other.Height)
        {
            throw new ArgumentException($"A map of {other.Width}x{other.Height} pixels cannot be compared with one of {Width}x{Height}.", nameof(other));
        }

        int both = 0;
        int either = 0;
        for (int i = 0; i < Values.Length; i++)
        {
            bool mine = Values[i] > Threshold, its = other.Values[i] > Threshold;
            both += mine && its ? 1 : 0;
            either += mine || its ? 1 : 0;
        }

        return either == 0 ? 1 : (double)both / either;
    }
}
