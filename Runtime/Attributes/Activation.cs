namespace Kernels;

/// <summary>The activation that a layer applies in its epilogue, before the result is stored.</summary>
public enum Activation
{
    /// <summary>The value as it is.</summary>
    None,

    /// <summary>Clamps at the output zero point, as PyTorch's fused <c>conv2d_relu</c> does.</summary>
    Relu,

    /// <summary>Clamps at the output zero point and at the code that stands for 6.</summary>
    Relu6,

    /// <summary>Multiplies negative values by the negative slope, in float32 before rounding.</summary>
    LeakyRelu,
}
