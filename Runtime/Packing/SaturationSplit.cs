using System;

namespace Kernels.Packing;

/// <summary>
/// vpmaddubsw adds two u8 x s8 products with int16 saturation. It is exact for every activation when the positive
/// weights of a pair sum to at most 128 and the negative ones to at least -128: 255 * 128 = 32640. This class cuts a
/// pair down to that bound; what it cuts off is added by a step of its own.
/// </summary>
internal static class SaturationSplit
{
    private const int Bound = 128;

    /// <summary>Splits a pair of weights.</summary>
    /// <param name="first">Weight of the even channel, unchanged by the split.</param>
    /// <param name="second">Weight of the odd channel.</param>
    /// <param name="form">How the pair is multiplied.</param>
    /// <returns>The second weight as the pair can hold it, and the rest: <c>kept + residue == second</c>, both in sbyte.</returns>
    public static (int Kept, int Residue) Split(int first, int second, WeightForm form)
    {
        // Signed activations are -128 at least: 2 * 128 * 128 alone is more than int16 holds.
        if (form == WeightForm.SignedPairs && first == sbyte.MinValue && second == sbyte.MinValue)
        {
            return (second + 1, -1);
        }

        int kept = second;
        if (form != WeightForm.SplitBytes)
        {
            return (kept, 0);
        }

        if (first > 0 && second > 0)
        {
            kept = Math.Min(second, Bound - first);
        }
        else if (first < 0 && second < 0)
        {
            kept = Math.Max(second, -Bound - first);
        }

        return (kept, second - kept);
    }
}
