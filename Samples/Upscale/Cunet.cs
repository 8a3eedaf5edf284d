using Kernels.Models;
using static Kernels.Models.Functions;

namespace Kernels.Samples.Upscale;

/// <summary>
/// waifu2x's CUNet: two U-Nets, one behind the other, with squeeze-and-excitation. The first doubles the picture, the second corrects it. All convolutions
/// are without padding, so the input must be 18 pixels larger on every side, and its size even. RGB in [0, 1] in and out.
/// </summary>
[QuantizedModel]
internal sealed partial class Cunet
{
    /// <summary>Pixels that the network takes off each side of its input.</summary>
    public const int Border = 18;

    private static Value Forward(Value x)
    {
        Value doubled = Double(x);
        return Crop(doubled, 20) + Correct(doubled);
    }

    private static Value Double(Value x)
    {
        Value skip = Conv2(Conv1(x));
        Value deep = Conv5(Conv4(Down3(skip)));
        deep = Up1(deep * Sigmoid(Excite7(Squeeze6(GlobalAvgPool(deep)))));
        return Up2(Conv8(Crop(skip, 4) + deep));
    }

    private static Value Correct(Value x)
    {
        Value skip = Conv10(Conv9(x));
        Value middle = Conv13(Conv12(Down11(skip)));
        middle *= Sigmoid(Excite15(Squeeze14(GlobalAvgPool(middle))));
        Value deep = Conv18(Conv17(Down16(middle)));
        deep = Up3(deep * Sigmoid(Excite20(Squeeze19(GlobalAvgPool(deep)))));
        middle = Conv22(Conv21(Crop(middle, 4) + deep));
        middle = Up4(middle * Sigmoid(Excite24(Squeeze23(GlobalAvgPool(middle)))));
        return Conv26(Conv25(Crop(skip, 16) + middle));
    }

    [QuantizedConv2d(InChannels = 3, OutChannels = 32, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution1")]
    private static partial Value Conv1(Value x);

    [QuantizedConv2d(InChannels = 32, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution2")]
    private static partial Value Conv2(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution3")]
    private static partial Value Down3(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 128, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution4")]
    private static partial Value Conv4(Value x);

    [QuantizedConv2d(InChannels = 128, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution5")]
    private static partial Value Conv5(Value x);

    [QuantizedLinear(InFeatures = 64, OutFeatures = 8, Activation = Activation.Relu, Weights = "Convolution6")]
    private static partial Value Squeeze6(Value x);

    [QuantizedLinear(InFeatures = 8, OutFeatures = 64, Weights = "Convolution7")]
    private static partial Value Excite7(Value x);

    [QuantizedConvTranspose2d(InChannels = 64, OutChannels = 64, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Deconvolution1")]
    private static partial Value Up1(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution8")]
    private static partial Value Conv8(Value x);

    [QuantizedConvTranspose2d(InChannels = 64, OutChannels = 3, Kernel = 4, Stride = 2, Padding = 3, Weights = "Deconvolution2")]
    private static partial Value Up2(Value x);

    [QuantizedConv2d(InChannels = 3, OutChannels = 32, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution9")]
    private static partial Value Conv9(Value x);

    [QuantizedConv2d(InChannels = 32, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution10")]
    private static partial Value Conv10(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution11")]
    private static partial Value Down11(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution12")]
    private static partial Value Conv12(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 128, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution13")]
    private static partial Value Conv13(Value x);

    [QuantizedLinear(InFeatures = 128, OutFeatures = 16, Activation = Activation.Relu, Weights = "Convolution14")]
    private static partial Value Squeeze14(Value x);

    [QuantizedLinear(InFeatures = 16, OutFeatures = 128, Weights = "Convolution15")]
    private static partial Value Excite15(Value x);

    [QuantizedConv2d(InChannels = 128, OutChannels = 128, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution16")]
    private static partial Value Down16(Value x);

    [QuantizedConv2d(InChannels = 128, OutChannels = 256, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution17")]
    private static partial Value Conv17(Value x);

    [QuantizedConv2d(InChannels = 256, OutChannels = 128, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution18")]
    private static partial Value Conv18(Value x);

    [QuantizedLinear(InFeatures = 128, OutFeatures = 16, Activation = Activation.Relu, Weights = "Convolution19")]
    private static partial Value Squeeze19(Value x);

    [QuantizedLinear(InFeatures = 16, OutFeatures = 128, Weights = "Convolution20")]
    private static partial Value Excite20(Value x);

    [QuantizedConvTranspose2d(InChannels = 128, OutChannels = 128, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Deconvolution3")]
    private static partial Value Up3(Value x);

    [QuantizedConv2d(InChannels = 128, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution21")]
    private static partial Value Conv21(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution22")]
    private static partial Value Conv22(Value x);

    [QuantizedLinear(InFeatures = 64, OutFeatures = 8, Activation = Activation.Relu, Weights = "Convolution23")]
    private static partial Value Squeeze23(Value x);

    [QuantizedLinear(InFeatures = 8, OutFeatures = 64, Weights = "Convolution24")]
    private static partial Value Excite24(Value x);

    [QuantizedConvTranspose2d(InChannels = 64, OutChannels = 64, Kernel = 2, Stride = 2, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Deconvolution4")]
    private static partial Value Up4(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 64, Kernel = 3, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f, Weights = "Convolution25")]
    private static partial Value Conv25(Value x);

    [QuantizedConv2d(InChannels = 64, OutChannels = 3, Kernel = 3, Weights = "Convolution26")]
    private static partial Value Conv26(Value x);
}
