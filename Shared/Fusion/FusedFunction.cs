namespace Kernels.Fusion;

/// <summary>A function that a kernel can end with; named and numbered as in <c>Kernels.Layers.EpilogueFunction</c>.</summary>
internal enum FusedFunction
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    Relu6,

    /// <summary>A slope below zero.</summary>
    LeakyRelu,

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    HardSwish,

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    HardSigmoid,

    /// <summary>Two bounds.</summary>
    Clip,

    /// <summary>A factor and a summand.</summary>
    Affine,

    /// <summary>A factor and a summand for each channel: a batch norm.</summary>
    ChannelAffine,

    /// <summary>A second value.</summary>
    Add,
}
