using System;

namespace Kernels.Bench.Timing;

/// <summary>How far two outputs of the same layer lie apart.</summary>
/// <param name="Largest">Largest difference in steps.</param>
/// <param name="Off">Outputs that differ by more than one step.</param>
/// <param name="Count">Outputs compared.</param>
internal readonly record struct Agreement(int Largest, int Off, int Count)
{
    // Saturating arithmetic errs in single outputs; a wrong layout errs everywhere.
    private const double AcceptedShare = 0.01;

    /// <summary>Whether it is the same computation: nearly all outputs within one step.</summary>
    public bool IsSameLayer => Off <= Count * AcceptedShare;

    /// <summary>Compares outputs.</summary>
    /// <param name="expected">Codes.</param>
    /// <param name="actual">As many codes.</param>
    public static Agreement Of(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.Length != actual.Length)
        {
            return new Agreement(byte.MaxValue, int.MaxValue, expected.Length);
        }

        int largest = 0;
        int off = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int difference = Math.Abs(expected[i] - actual[i]);
            largest = Math.Max(largest, difference);
            off += difference > 1 ? 1 : 0;
        }

        return new Agreement(largest, off, expected.Length);
    }
}
