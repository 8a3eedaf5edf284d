using System;
using Kernels.Models;

namespace Kernels.Samples.Upscale;

/// <summary>The float network over 8-bit pixels.</summary>
internal sealed class FloatNetwork(AnnotatedModel model, int border) : IPixelNetwork
{
    private float[] _input = [];
    private float[] _output = [];

    public int Border => border;

    public void Run(ReadOnlySpan<byte> padded, int width, int height, Span<byte> output)
    {
        PixelScale.ToUnit(padded, Room(ref _input, padded.Length));
        Span<float> values = Room(ref _output, output.Length);
        model.Run(_input.AsSpan(0, padded.Length), 1, height + 2 * Border, width + 2 * Border, values);
        PixelScale.FromUnit(values, output);
    }

    private static Span<float> Room(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new float[length];
        }

        return buffer.AsSpan(0, length);
    }
}
