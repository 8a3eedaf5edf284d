using Kernels.Layers;

namespace Kernels.Models.Balancing;

/// <summary>How layers that compute each channel by itself tie output to input.</summary>
internal static class ChannelTieRules
{
    /// <summary>Each channel is made from the same one of the input, and a positive factor passes through.</summary>
    public static void Same(ChannelTies ties, int input, int output) => ties.Tie(input, output);

    /// <summary>The output has every step-th channel from the first on.</summary>
    public static void Slice(ChannelTies ties, int input, int first, int step, int output)
    {
        for (int channel = 0; channel < ties.Channels(output); channel++)
        {
            ties.Tie(input, first + channel * step, output, channel);
        }
    }

    /// <summary>Each channel of the output is made of several of the input.</summary>
    public static void Shuffle(ChannelTies ties, int input, PixelShuffleSpec spec, int output)
    {
        int square = spec.Factor * spec.Factor;
        int channels = ties.Channels(output);
        for (int channel = 0; channel < channels * square; channel++)
        {
            ties.Tie(input, channel, output, spec.PixelsFirst ? channel % channels : channel / square);
        }
    }
}
