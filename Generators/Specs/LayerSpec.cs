using System.Linq;

namespace Kernels.Generators.Specs;

/// <summary>The layers that kernels are generated for.</summary>
internal enum LayerKind
{
    Conv2d,
    ConvTranspose2d,
}

/// <summary>The activation fused into the epilogue; the order is that of <c>Kernels.Activation</c>.</summary>
internal enum ActivationKind
{
    None,
    Relu,
    Relu6,
    LeakyRelu,
}

/// <summary>A function of a fused epilogue; the order is that of <c>Kernels.Layers.EpilogueFunction</c>.</summary>
internal enum EpilogueKind
{
    Relu,
    Relu6,
    LeakyRelu,
    HardSwish,
    HardSigmoid,
    Clip,
    Affine,
    ChannelAffine,
    Add,
}

/// <summary>One spatial axis of a layer, with PyTorch's parameter names.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Stride.</param>
/// <param name="Padding">Padding.</param>
/// <param name="OutputPadding">Output padding.</param>
/// <param name="Dilation">Distance between taps.</param>
/// <param name="InputSize">Rows or columns of every input; 0 when they can be any number.</param>
internal readonly record struct AxisSpec(int Kernel, int Stride, int Padding, int OutputPadding, int Dilation, int InputSize = 0)
{
    /// <summary>Rows or columns of the output, 0 or less when there are none.</summary>
    public long OutputSize(LayerKind kind, int inputSize)
    {
        long extent = (long)Dilation * (Kernel - 1) + 1;
        long free = inputSize + 2L * Padding - extent;
        return kind == LayerKind.ConvTranspose2d ? (inputSize - 1L) * Stride - 2L * Padding + extent + OutputPadding
            : free < 0 ? 0
            : free / Stride + 1;
    }
}

/// <summary>
/// What a layer computes, validated: every number is in range, channels are divisible by groups, and the
/// accumulator fits int32. No symbol, no syntax: equal specs give equal code.
/// </summary>
internal sealed record LayerSpec(
    LayerKind Kind,
    int InChannels,
    int OutChannels,
    AxisSpec Vertical,
    AxisSpec Horizontal,
    int Groups,
    bool HasBias,
    ActivationKind Activation,
    float NegativeSlope,
    bool PerChannelWeights,
    bool MachineCode = true,
    EquatableArray<EpilogueKind> Epilogue = default)
{
    /// <summary>Whether the kernel applies functions of its own before it rounds; the activation is then None.</summary>
    public bool IsFused => Epilogue.Count > 0;

    /// <summary>Whether the kernel reads a second input.</summary>
    public bool HasSecond => Epilogue.Contains(EpilogueKind.Add);

    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutChannels / Groups;
}
