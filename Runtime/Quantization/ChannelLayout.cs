using System;

namespace Kernels.Quantization;

/// <summary>
/// Which channel an element of a contiguous tensor belongs to: the tensor is
/// <c>[Groups, Outer, GroupChannels, Inner]</c>, and the channel is <c>group * GroupChannels + groupChannel</c>.
/// </summary>
/// <param name="Groups">Groups with channels of their own, at least 1.</param>
/// <param name="Outer">Repetitions of the channels within a group, at least 1.</param>
/// <param name="GroupChannels">Channels of a group, at least 1.</param>
/// <param name="Inner">Neighbouring elements of one channel, at least 1.</param>
public readonly record struct ChannelLayout(int Groups, int Outer, int GroupChannels, int Inner)
{
    /// <summary>Channels in all.</summary>
    public int Channels => Groups * GroupChannels;

    /// <summary>Elements in all.</summary>
    public int Count => checked(Groups * Outer * GroupChannels * Inner);

    /// <summary>The channels of contiguous data along one dimension, for example of weights in PyTorch's order.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <param name="axis">PyTorch's <c>ch_axis</c>: 0 to 3.</param>
    /// <returns>The layout.</returns>
    public static ChannelLayout Contiguous(Shape4 shape, int axis) => axis switch
    {
        0 => new ChannelLayout(1, 1, shape.N, shape.C * shape.H * shape.W),
        1 => new ChannelLayout(1, shape.N, shape.C, shape.H * shape.W),
        2 => new ChannelLayout(1, shape.N * shape.C, shape.H, shape.W),
        3 => new ChannelLayout(1, shape.N * shape.C * shape.H, shape.W, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "A channel axis must be 0 to 3."),
    };

    /// <summary>The channels of an activation tensor, whose memory is channels-last, along one dimension of its NCHW shape.</summary>
    /// <param name="shape">The dimensions in NCHW order.</param>
    /// <param name="axis">PyTorch's <c>ch_axis</c>: 0 to 3.</param>
    /// <returns>The layout.</returns>
    public static ChannelLayout Activation(Shape4 shape, int axis) =>
        Contiguous(new Shape4(shape.N, shape.H, shape.W, shape.C), axis switch { 1 => 3, 2 => 1, 3 => 2, _ => axis });

    /// <summary>The channel that a block of <see cref="Inner"/> neighbouring elements belongs to.</summary>
    internal int ChannelOfBlock(int block) => block / (Outer * GroupChannels) * GroupChannels + block % GroupChannels;

    /// <summary>Throws when data does not fit the layout.</summary>
    /// <param name="length">Elements of the data.</param>
    /// <exception cref="ArgumentException">Another count, or a number below 1.</exception>
    internal void Check(int length)
    {
        if (Groups < 1 || Outer < 1 || GroupChannels < 1 || Inner < 1 || Count != length)
        {
            throw new ArgumentException($"Data of {length} elements does not fit the layout {this}.");
        }
    }
}
