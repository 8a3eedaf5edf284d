using System;

namespace Kernels.Fuzz.Layers;

/// <summary>The numbers of a random layer and its input.</summary>
internal sealed record LayerNumbers(
    bool IsTransposed, int In, int Out, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int PaddingHeight, int PaddingWidth,
    int OutputPaddingHeight, int OutputPaddingWidth, int DilationHeight, int DilationWidth, int Groups, bool Bias, bool Relu, bool PerChannel, int InputWidth,
    int Batch, int Height, int Width)
{
    /// <summary>Rows of the output, by PyTorch's documentation.</summary>
    public int OutHeight(int size) => Size(size, KernelHeight, StrideHeight, PaddingHeight, OutputPaddingHeight, DilationHeight);

    /// <summary>Columns of the output, by PyTorch's documentation.</summary>
    public int OutWidth(int size) => Size(size, KernelWidth, StrideWidth, PaddingWidth, OutputPaddingWidth, DilationWidth);

    /// <summary>The attribute as a user would write it.</summary>
    public string Attribute =>
        $"[Kernels.Quantized{(IsTransposed ? "ConvTranspose2d" : "Conv2d")}(InChannels = {In}, OutChannels = {Out}, KernelHeight = {KernelHeight}, KernelWidth = {KernelWidth}, "
        + $"StrideHeight = {StrideHeight}, StrideWidth = {StrideWidth}, PaddingHeight = {PaddingHeight}, PaddingWidth = {PaddingWidth}, "
        + (IsTransposed ? $"OutputPaddingHeight = {OutputPaddingHeight}, OutputPaddingWidth = {OutputPaddingWidth}, " : string.Empty)
        + $"DilationHeight = {DilationHeight}, DilationWidth = {DilationWidth}, Groups = {Groups}, InputWidth = {InputWidth}, Bias = {(Bias ? "true" : "false")}, "
        + $"Activation = Kernels.Activation.{(Relu ? "Relu" : "None")}, WeightScheme = Kernels.WeightScheme.{(PerChannel ? "PerChannel" : "PerTensor")})]";

    /// <summary>Numbers that a network could have, and some that none has.</summary>
    public static LayerNumbers Of(Random random)
    {
        while (true)
        {
            int groups = random.Next(3) == 0 ? random.Next(2, 24) : 1;
            bool depthwise = groups > 1 && random.Next(2) == 0;
            bool transposed = random.Next(2) == 0;
            int strideHeight = Small(random);
            int strideWidth = Small(random);
            int dilationHeight = random.Next(3) == 0 ? Small(random) : 1;
            int dilationWidth = random.Next(3) == 0 ? Small(random) : 1;
            var layer = new LayerNumbers(
                transposed,
                groups * (depthwise ? 1 : random.Next(1, groups > 1 ? 6 : 48)),
                groups * (depthwise ? random.Next(4) == 0 ? 2 : 1 : random.Next(1, groups > 1 ? 6 : 72)),
                Small(random) + random.Next(2),
                Small(random) + random.Next(3),
                strideHeight,
                strideWidth,
                random.Next(4) == 0 ? random.Next(12) : random.Next(3),
                random.Next(4) == 0 ? random.Next(12) : random.Next(3),
                transposed ? random.Next(Math.Max(strideHeight, dilationHeight)) : 0,
                transposed ? random.Next(Math.Max(strideWidth, dilationWidth)) : 0,
                dilationHeight,
                dilationWidth,
                groups,
                random.Next(4) > 0,
                random.Next(2) == 0,
                random.Next(2) == 0,
                0,
                random.Next(1, 3),
                random.Next(1, 9),
                random.Next(3) == 0 ? random.Next(1, 90) : random.Next(1, 24));
            if (layer.OutHeight(layer.Height) >= 1 && layer.OutWidth(layer.Width) >= 1)
            {
                return layer with { InputWidth = random.Next(4) == 0 ? layer.Width : 0 };
            }
        }
    }

    // Mostly 1 to 3, at times far larger.
    private static int Small(Random random) => random.Next(12) == 0 ? random.Next(1, 24) : random.Next(1, 4);

    private int Size(int size, int kernel, int stride, int padding, int outputPadding, int dilation) => IsTransposed
        ? (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1
        : size + 2 * padding - dilation * (kernel - 1) - 1 < 0 ? 0 : (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
}
