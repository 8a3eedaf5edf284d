using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>Layers whose kernels do not spell out everything, each in another way.</summary>
internal static class DetailLayers
{
    /// <summary>The layers, each with what stands in the remarks of its kernel, and with whether KRN019 is said of it.</summary>
    public static IReadOnlyList<(ConvolutionSpec Spec, string Dataflow, bool Loops)> All { get; } =
    [
        (Transposed(5, 32, kernel: 7, stride: 2), "ChannelLanes", false), // all of it, with steps of 4 and 5 units
        (Transposed(8, 100, kernel: 11, stride: 2), "ChannelLanes", true), // a row of taps in a loop, for the file's sake
        (Convolution(8, 32, kernel: 7), "ChannelLanes", true), // for the tile's
        (Convolution(8, 32, kernel: 39), "ChannelLanes", true), // every tap in a loop
        (Transposed(4, 100, kernel: 37, stride: 12), "ChannelLanes", true), // some patterns in loops
        (Convolution(5, 32, kernel: 7), "ChannelLanes", false), // its rows of taps are steps
        (Transposed(4, 20, kernel: 14, stride: 3), "PixelLanes", true), // rows in a loop, for the file's sake
        (Convolution(3, 3, kernel: 17), "PixelLanes", true), // for the tile's
        (Transposed(3, 5, kernel: 3, stride: 18), "Generic", true),
        (Transposed(19, 19, kernel: 11, stride: 9, groups: 19), "Generic", true),
    ];

    private static ConvolutionSpec Convolution(int inputs, int outputs, int kernel) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = inputs,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        PaddingHeight = kernel / 2,
        PaddingWidth = kernel / 2,
        Activation = Activation.LeakyRelu,
    };

    private static ConvolutionSpec Transposed(int inputs, int outputs, int kernel, int stride, int groups = 1) => new()
    {
        Kind = ConvolutionKind.ConvTranspose2d,
        InChannels = inputs,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
        PaddingHeight = 1,
        PaddingWidth = 1,
        Groups = groups,
    };
}
