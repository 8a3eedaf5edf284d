using System;
using System.Collections.Generic;

namespace Kernels.Models.Nodes;

/// <summary>The types of layers that there are, by PyTorch's names.</summary>
internal static class ModuleTypes
{
    /// <summary>All of them, and PyTorch's names for 1d layers, which are 2d ones of one row here.</summary>
    public static IReadOnlyCollection<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Linear", "BatchNorm1d", "BatchNorm2d", "InstanceNorm2d", "LayerNorm", "GroupNorm",
        "ReLU", "ReLU6", "LeakyReLU", "PReLU", "Sigmoid", "Tanh", "Hardswish", "Hardsigmoid", "Hardtanh", "SiLU", "GELU", "ELU", "Mish", "Softplus", "Softmax",
        "Add", "Sub", "Mul", "Div", "Affine", "Pow", "MatMul", "Cat", "Constant",
        "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "Mean", "Upsample", "Crop", "Pad", "Flatten", "Slice", "PixelShuffle", "PixelUnshuffle", "Reshape", "Permute",
        "QuantStub", "DeQuantStub",
    };
}
