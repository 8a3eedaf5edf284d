namespace Kernels.Layers;

/// <summary>
/// A function that a kernel applies to its float32 values before they are rounded to codes. Each operation is rounded to float32 by itself,
/// as in the float layer of the same name.
/// </summary>
public enum EpilogueFunction
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    Relu6,

    /// <summary><c>x &gt; 0 ? x : x * slope</c>.</summary>
    LeakyRelu,

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    HardSwish,

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    HardSigmoid,

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    Clip,

    /// <summary><c>x * scale + shift</c> with one scale and shift for all channels.</summary>
    Affine,

    /// <summary><c>x * scale + shift</c> with a scale and a shift for each channel, as a batch norm with running statistics.</summary>
    ChannelAffine,

    /// <summary>Adds a second int8 input of the output's shape, dequantized: <c>x + (code - zero point) * scale</c>.</summary>
    Add,
}
