using System;

namespace Kernels.Models.Nodes;

/// <summary>Channels of two inputs of which one may be spread over the other.</summary>
internal static class SpreadChannels
{
    /// <summary>Channels of the output; 0 for unknown, as the inputs' may be.</summary>
    /// <exception cref="ArgumentException">They differ and none is 1.</exception>
    public static int Of(ReadOnlySpan<int> inputs)
    {
        int fewer = Math.Min(inputs[0], inputs[1]);
        int more = Math.Max(inputs[0], inputs[1]);
        if (fewer > 1 && fewer != more)
        {
            throw new ArgumentException($"Both inputs need the same channels, or one of them 1, but they have {inputs[0]} and {inputs[1]}.", nameof(inputs));
        }

        // Something unknown beside 1 is what it is.
        return fewer == 0 && more == 1 ? 0 : more;
    }
}
