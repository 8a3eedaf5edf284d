namespace Kernels.Models.Balancing;

/// <summary>Says how the channels of a layer's output belong to those of its only input.</summary>
/// <param name="ties">Receives it.</param>
/// <param name="input">The value that the layer reads.</param>
/// <param name="output">The value that it makes.</param>
internal delegate void ChannelTie(ChannelTies ties, int input, int output);
