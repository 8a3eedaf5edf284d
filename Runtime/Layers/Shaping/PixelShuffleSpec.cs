using System;

namespace Kernels.Layers;

/// <summary>
/// Channels to pixels and back: PyTorch's <c>nn.PixelShuffle</c> and <c>nn.PixelUnshuffle</c>, ONNX's DepthToSpace and SpaceToDepth. With the
/// factor r, pixel (r y + i, r x + j) of channel c is channel <c>c r² + i r + j</c> of pixel (y, x).
/// </summary>
/// <param name="Factor">Rows and columns that a pixel becomes, at least 1.</param>
public sealed record PixelShuffleSpec(int Factor)
{
    /// <summary>
    /// Whether the channel is <c>(i r + j) C + c</c> instead, with C channels of the large image: ONNX's mode DCR, and the order of its SpaceToDepth.
    /// </summary>
    public bool PixelsFirst { get; init; }

    /// <summary>Channels of the large image.</summary>
    /// <param name="channels">Those of the small one.</param>
    /// <exception cref="ArgumentException">The number is not divisible by the square of the factor.</exception>
    public int LargeChannels(int channels) => channels % Checked() == 0
        ? channels / Checked()
        : throw new ArgumentException($"The number of channels must be divisible by {Checked()}, the square of the factor, but is {channels}.", nameof(channels));

    /// <summary>Channels of the small image.</summary>
    /// <param name="channels">Those of the large one.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">A layer cannot have so many.</exception>
    public int SmallChannels(int channels)
    {
        long small = (long)channels * Checked();
        return small <= Limits.RuntimeChannels
            ? (int)small
            : throw new ArgumentException($"{channels} channels would become {small}, but a layer has at most {Limits.RuntimeChannels}.", nameof(channels));
    }

    /// <summary>Shape of the large image.</summary>
    /// <param name="small">Shape of the small one.</param>
    /// <exception cref="ArgumentException">Its channels are not divisible by the square of the factor, or the image would be too large.</exception>
    public Shape4 LargeShape(Shape4 small)
    {
        small.Checked(nameof(small));
        int channels = LargeChannels(small.C);
        return (long)small.H * Factor <= int.MaxValue && (long)small.W * Factor <= int.MaxValue
            ? new Shape4(small.N, channels, small.H * Factor, small.W * Factor).Checked(nameof(small))
            : throw new ArgumentException($"An image {small} cannot be enlarged {Factor} times.", nameof(small));
    }

    /// <summary>Shape of the small image.</summary>
    /// <param name="large">Shape of the large one.</param>
    /// <exception cref="ArgumentException">Its rows and columns are not divisible by the factor.</exception>
    public Shape4 SmallShape(Shape4 large)
    {
        large.Checked(nameof(large));
        int square = Checked();
        return large.H % Factor == 0 && large.W % Factor == 0
            ? new Shape4(large.N, large.C * square, large.H / Factor, large.W / Factor)
            : throw new ArgumentException($"Rows and columns must be divisible by the factor {Factor}, but the shape is {large}.", nameof(large));
    }

    /// <summary>Channels to pixels.</summary>
    internal void Enlarge<T>(ReadOnlySpan<T> small, Shape4 from, Span<T> large, Shape4 to)
    {
        int square = Factor * Factor;
        for (int y = 0; y < to.N * to.H; y++)
        {
            for (int x = 0; x < to.W; x++)
            {
                ReadOnlySpan<T> pixel = small.Slice((y / Factor * from.W + x / Factor) * from.C, from.C);
                Span<T> target = large.Slice((y * to.W + x) * to.C, to.C);
                int place = y % Factor * Factor + x % Factor;
                if (PixelsFirst)
                {
                    pixel.Slice(place * to.C, to.C).CopyTo(target);
                    continue;
                }

                for (int c = 0; c < target.Length; c++)
                {
                    target[c] = pixel[c * square + place];
                }
            }
        }
    }

    /// <summary>Pixels to channels.</summary>
    internal void Reduce<T>(ReadOnlySpan<T> large, Shape4 from, Span<T> small, Shape4 to)
    {
        int square = Factor * Factor;
        for (int y = 0; y < from.N * from.H; y++)
        {
            for (int x = 0; x < from.W; x++)
            {
                ReadOnlySpan<T> pixel = large.Slice((y * from.W + x) * from.C, from.C);
                Span<T> target = small.Slice((y / Factor * to.W + x / Factor) * to.C, to.C);
                int place = y % Factor * Factor + x % Factor;
                if (PixelsFirst)
                {
                    pixel.CopyTo(target[(place * from.C)..]);
                    continue;
                }

                for (int c = 0; c < pixel.Length; c++)
                {
                    target[c * square + place] = pixel[c];
                }
            }
        }
    }

    private int Checked() => Factor is >= 1 and <= 1024
        ? Factor * Factor
        : throw new ArgumentException($"The factor must be 1 to 1024, but is {Factor}.", nameof(Factor));
}
