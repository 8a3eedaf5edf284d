using System;

namespace Kernels.Samples.Upscale;

/// <summary>The network over 8-bit pixels: RGB, rows from the top, three bytes each.</summary>
internal interface IPixelNetwork
{
    /// <summary>Pixels that the network needs around what it doubles, on each side.</summary>
    int Border { get; }

    /// <summary>Doubles a tile.</summary>
    /// <param name="padded">The tile with <see cref="Border"/> pixels on every side.</param>
    /// <param name="width">Its width without the border.</param>
    /// <param name="height">Its height without the border.</param>
    /// <param name="output">Receives 2 * height rows of 2 * width pixels.</param>
    void Run(ReadOnlySpan<byte> padded, int width, int height, Span<byte> output);
}
