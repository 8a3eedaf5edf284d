namespace Kernels.Samples.Upscale;

/// <summary>
/// waifu2x's upconv_7: doubles a picture. Six convolutions without padding take 6 pixels off each side, and the padding of the
/// transposed one takes off a seventh, so the input must be 7 pixels larger on every side. RGB in [0, 1] in and out.
/// </summary>
[QuantizedSequential(typeof(Conv1), typeof(Conv2), typeof(Conv3), typeof(Conv4), typeof(Conv5), typeof(Conv6), typeof(Upsample))]
internal sealed partial class Upconv7
{
    /// <summary>Pixels that the network takes off each side of its input.</summary>
    public const int Border = 7;
}

[QuantizedConv2d(InChannels = 3, OutChannels = 16, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv1;

[QuantizedConv2d(InChannels = 16, OutChannels = 32, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv2;

[QuantizedConv2d(InChannels = 32, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv3;

[QuantizedConv2d(InChannels = 64, OutChannels = 128, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv4;

[QuantizedConv2d(InChannels = 128, OutChannels = 128, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv5;

[QuantizedConv2d(InChannels = 128, OutChannels = 256, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
internal sealed partial class Conv6;

[QuantizedConvTranspose2d(InChannels = 256, OutChannels = 3, Kernel = 4, Stride = 2, Padding = 3)]
internal sealed partial class Upsample;
