using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>A convolution's fused activation as a layer of its own: training needs what comes before it.</summary>
internal static class FusedActivation
{
    /// <summary>The layer; null for none.</summary>
    public static FloatLayer? Of(ConvolutionSpec spec) => spec.Activation switch
    {
        Activation.None => null,
        Activation.Relu => new FloatRelu(),
        Activation.Relu6 => new FloatRelu6(),
        Activation.LeakyRelu => new FloatLeakyRelu(spec.NegativeSlope),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Activation, "There is no such activation."),
    };
}
